// Everything a signed-in or public page needs; charts and maps are fetched only by pages that have them.

import "./css/tabler.scss";
import "./css/main.css";
import htmx from "htmx.org";
import * as autosave from "./ts/autosave";
import * as charts from "./ts/charts";
import * as confirm from "./ts/confirm";
import * as copy from "./ts/copy";
import * as density from "./ts/density";
import * as dialog from "./ts/dialog";
import * as fileDrop from "./ts/file-drop";
import * as field from "./ts/field";
import * as keep from "./ts/keep";
import * as keyQueue from "./ts/key-queue";
import * as keys from "./ts/keys";
import * as map from "./ts/map";
import * as matrix from "./ts/matrix";
import * as menu from "./ts/menu";
import * as pick from "./ts/pick";
import * as print from "./ts/print";
import * as quotas from "./ts/quotas";
import * as review from "./ts/review";
import * as selectRows from "./ts/select-rows";
import * as sending from "./ts/sending";
import * as session from "./ts/session";
import * as side from "./ts/side";
import * as swaps from "./ts/swaps";
import * as toast from "./ts/toast";
import * as tokenField from "./ts/token-field";
import * as typed from "./ts/typed";

// A strict content policy: nothing is evaluated, no style is written into the page.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.allowScriptTags = false;
htmx.config.historyCacheSize = 0; // pages with personal data do not stay in the browser's store
htmx.config.scrollBehavior = "auto";
// A form that was refused (422) or a save that met another one (409) comes back as a page part.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "(409|422)", swap: true, error: false },
  { code: "[45]..", swap: false, error: true },
];

// confirm stands before everything that acts on a click.
for (const part of [confirm, dialog, menu, copy, keyQueue, keys, selectRows, side, toast, swaps, autosave, keep, fileDrop, density, print, matrix, quotas, charts, map, review, tokenField, pick, session, sending, typed]) part.start();
void field.start();
