//! The report as one HTML page that needs nothing else: no network, no other file.
//!
//! The page is a template (`page.html`) filled with what [`view`] prepares; its looks and its script are written
//! into it. Everything that can be read stands in the page itself, and the plots as SVG, so that it prints and
//! reads without its script; the script adds zoom, cursor and sound, and draws from the JSON of [`data`].
//!
//! **Invariant:** nothing of a report reaches the page unescaped, and the same report gives the same bytes.

mod base64;
mod data;
mod plot;
mod scene;
mod view;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};

use super::Report;
use super::mark::marks;
use scene::Scene;

const PAGE: &str = include_str!("page.html");
const LOOKS: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub(super) fn show(report: &Report) -> String {
    let marks = marks(report);
    let scene = Scene::new(report);
    let top = plot::top(&report.course.lanes);
    let data = data::json(report, &scene, &marks, top);
    let page = view::page(report, &scene, &marks, top);
    let mut templates = Environment::new();
    // Names in `.html` are escaped by default.
    let filled = templates.add_template("page.html", PAGE).and_then(|()| {
        templates.get_template("page.html")?.render(context! {
            page => Serde(&page),
            looks => Value::from_safe_string(LOOKS.to_owned()),
            script => Value::from_safe_string(SCRIPT.to_owned()),
            data => Value::from_safe_string(data),
        })
    });
    // The template is part of the program and a test fills it: it cannot fail here.
    filled.unwrap_or_else(|error| format!("<!doctype html><title>{}</title>", error.kind()))
}
