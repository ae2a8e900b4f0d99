// Lets node import the page's scripts as Odoo's pages do: node --import THIS FILE
import {register} from "node:module";

register("./resolve_odoo_modules.mjs", import.meta.url);
