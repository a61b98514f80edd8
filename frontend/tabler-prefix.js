// Tabler's published CSS calls its variables --tblr-…; its Sass sources leave the prefix to a build step. This is it.

const NAME = /--(?!tblr-)([a-z])/g;

export function prefixTabler() {
  return {
    postcssPlugin: "prefix-tabler",
    Once(root, { result }) {
      if (!String(result.opts.from).includes("tabler.scss")) return;
      root.walkDecls((declaration) => {
        declaration.prop = declaration.prop.replace(/^--(?!tblr-)/, "--tblr-");
        declaration.value = declaration.value.replace(NAME, "--tblr-$1");
      });
    },
  };
}
prefixTabler.postcss = true;
