//! The results of an inspection as XML and as a page for people.

use std::fmt::Write;

use quick_xml::escape::escape;

use crate::archive::package::inspection::items::{Item, ItemResult};

/// The style of the page. It has no script and loads nothing.
const STYLE: &str = "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left}\
.failed{background:#fdd}.unchecked{color:#666}";

/// The items as XML.
pub fn to_xml(items: &[Item]) -> String {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<四性检测>\n".to_owned();
    for Item { code, name, property, result, remark } in items {
        // Writing to a string cannot fail.
        let _ = writeln!(
            xml,
            "<检测项><编号>{code}</编号><名称>{name}</名称><类别>{property}</类别>\
             <结果>{}</结果><备注>{}</备注></检测项>",
            result.title(),
            escape(remark.as_str())
        );
    }
    xml += "</四性检测>\n";
    xml
}

/// The items as a page (HTML) for people, about what `subject` names.
pub fn to_html(items: &[Item], subject: &str) -> String {
    let count = |result| items.iter().filter(|item| item.result == result).count();
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>四性检测</title>\
         <style>{STYLE}</style>\n<h1>四性检测（DA/T 70-2018）</h1>\n<p>检测对象：{}</p>\n\
         <p>通过{}项，不通过{}项，未检测{}项。未检测的不等于通过。</p>\n<table>\n\
         <tr><th>编号</th><th>类别</th><th>检测项</th><th>结果</th><th>备注</th></tr>\n",
        escape(subject),
        count(ItemResult::Passed),
        count(ItemResult::Failed),
        count(ItemResult::NotChecked),
    );
    for Item { code, name, property, result, remark } in items {
        let class = match result {
            ItemResult::Passed => "passed",
            ItemResult::Failed => "failed",
            ItemResult::NotChecked => "unchecked",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            html,
            "<tr class=\"{class}\"><td>{code}</td><td>{property}</td><td>{name}</td>\
             <td>{}</td><td>{}</td></tr>",
            result.title(),
            escape(remark.as_str())
        );
    }
    html += "</table>\n</html>\n";
    html
}
