import "./css/tabler.scss";
import "./css/main.css";
