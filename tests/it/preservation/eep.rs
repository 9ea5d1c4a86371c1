//! The EEPs (DA/T 48-2009) of an export: the elements in their order, and the files in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::cli::exit_codes::{assert_exit, hongtou, make_archive};
use crate::house::source::files;
use crate::http::in_process::TYPESETTER;
use crate::preservation::package::{proven, stock};
use crate::preservation::stock::{ACTOR, archive};

/// The elements within each element, by the standard: `?` may be missing, `*` occurs any number of times,
/// `+` at least once. What is not listed has text only. The signature block is not written.
const FIELDS: [(&str, &str); 21] = [
    ("电子文件封装包", "封装包格式描述 版本 被签名对象"),
    ("被签名对象", "封装包类型 封装包类型描述 封装包创建时间 封装包创建单位 封装内容"),
    ("封装内容", "文件实体块 业务实体块 机构人员实体块"),
    ("文件实体块", "文件实体"),
    (
        "文件实体",
        "聚合层次 来源 电子文件号 档号 内容描述 形式特征 存储位置 权限管理 信息系统描述* 附注* 文件数据",
    ),
    ("来源", "档案馆名称? 档案馆代码? 全宗名称? 立档单位名称"),
    ("档号", "全宗号? 目录号? 年度 保管期限 机构或问题? 类别号? 室编件号 馆编件号? 页号?"),
    (
        "内容描述",
        "题名 关键词? 人名? 摘要? 分类号? 文件编号? 责任者 日期 文种? 紧急程度? 主送? 抄送? 密级 保密期限?",
    ),
    ("形式特征", "文件组合类型 页数? 语种? 稿本?"),
    ("存储位置", "当前位置? 脱机载体编号+ 脱机载体存址* 缩微号?"),
    ("权限管理", "知识产权说明? 授权* 控制标识?"),
    ("文件数据", "文档+"),
    ("文档", "文档标识符 文档序号? 文档主从声明? 题名? 文档数据+"),
    ("文档数据", "编码+"),
    ("编码", "电子属性 编码描述 反编码关键字 编码数据"),
    ("电子属性", "格式信息? 计算机文件名 计算机文件大小 文档创建程序?"),
    ("业务实体块", "业务实体+"),
    (
        "业务实体",
        "业务标识符 机构人员标识符 文件标识符 业务状态 业务行为 行为时间 行为依据? 行为描述?",
    ),
    ("机构人员实体块", "机构人员实体+"),
    ("机构人员实体", "机构人员标识符 机构人员类型? 机构人员名称 组织机构代码? 个人职位?"),
    // An element that is not listed has no elements within.
    ("", ""),
];

/// An element of an XML document.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Self>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (attribute.key.as_ref().to_owned(), attribute.value.into_owned())
        });
        Self {
            name: start.name().as_ref().to_owned(),
            attributes: attributes.collect(),
            ..Self::default()
        }
    }

    /// The root of a document.
    fn parse(xml: &str) -> Self {
        let (mut reader, mut open) = (Reader::from_str(xml), vec![Self::default()]);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(Self::of(&start)),
                Event::End(_) => {
                    let element = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(element);
                }
                Event::Text(text) => {
                    open.last_mut().unwrap().text += &text;
                }
                Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
                _ => {}
            }
        }
    }

    /// All elements with this name, in their order.
    fn all<'e>(&'e self, name: &str, found: &mut Vec<&'e Self>) {
        if self.name == name {
            found.push(self);
        }
        self.children.iter().for_each(|child| child.all(name, found));
    }

    fn texts(&self, name: &str) -> Vec<&str> {
        let mut found = Vec::new();
        self.all(name, &mut found);
        found.into_iter().map(|element| element.text.as_str()).collect()
    }

    fn text(&self, name: &str) -> &str {
        let texts = self.texts(name);
        assert_eq!(texts.len(), 1, "{name}: {texts:?}");
        texts[0]
    }

    /// Every fault in the order and number of elements.
    fn faults(&self, found: &mut Vec<String>) {
        let fields =
            FIELDS.iter().find(|(name, _)| *name == self.name).map_or("", |(_, list)| list);
        let mut children = self.children.iter().map(|child| child.name.as_str()).peekable();
        for field in fields.split_whitespace() {
            let name = field.trim_end_matches(['?', '*', '+']);
            let (least, most) = match &field[name.len()..] {
                "?" => (0, 1),
                "*" => (0, usize::MAX),
                "+" => (1, usize::MAX),
                _ => (1, 1),
            };
            let mut n_found = 0;
            while n_found < most && children.next_if_eq(&name).is_some() {
                n_found += 1;
            }
            if n_found < least {
                found.push(format!("{}: no {name}", self.name));
            }
        }
        found.extend(children.map(|name| format!("{}: {name} is extra or misplaced", self.name)));
        self.children.iter().for_each(|child| child.faults(found));
    }
}

/// The EEPs of a package, with their paths.
fn eeps(bag: &Path) -> Vec<(PathBuf, Element)> {
    let is_eep = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "eep");
    let paths = files(bag).into_iter().filter(is_eep);
    paths.map(|path| (path.clone(), Element::parse(&fs::read_to_string(&path).unwrap()))).collect()
}

/// The names of the files in an EEP. Each has the bytes of the file beside the EEP.
fn encapsulated(path: &Path, eep: &Element) -> Vec<String> {
    let mut encoded = Vec::new();
    eep.all("编码", &mut encoded);
    let mut names = Vec::new();
    for one in encoded {
        let name = one.text("计算机文件名");
        let data = one.text("编码数据");
        assert!(data.lines().all(|line| line.len() <= 76), "lines of RFC 2045: {name}");
        let content = STANDARD.decode(data.replace('\n', "")).unwrap();
        assert!(content == fs::read(path.with_file_name(name)).unwrap(), "{name}");
        assert_eq!(one.text("计算机文件大小"), content.len().to_string(), "{name}");
        let (_, extension) = name.rsplit_once('.').unwrap();
        assert_eq!(one.text("反编码关键字"), format!("base64-{extension}"));
        names.push(name.to_owned());
    }
    names
}

#[tokio::test]
async fn each_filing_has_an_eep_with_the_elements_of_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let bag = folder.path().join("bag");
    let from = stock(&folder.path().join("from")).await;
    from.export_with_eep(&bag, &TYPESETTER, ACTOR).await.unwrap();
    let eeps = eeps(&bag);
    assert_eq!(eeps.len(), 2);
    for (path, eep) in &eeps {
        let mut faults = Vec::new();
        eep.faults(&mut faults);
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        let namespace = "http://www.saac.gov.cn/standards/ERM/encapsulation".to_owned();
        assert_eq!(eep.attributes, [("xmlns".to_owned(), namespace)]);
        let metadata = fs::read_to_string(path.with_file_name("元数据.xml")).unwrap();
        let metadata = Element::parse(&metadata);
        for name in ["电子文件号", "年度", "保管期限", "题名", "文件编号", "日期", "密级", "页数"]
        {
            assert_eq!(eep.text(name), metadata.text(name), "{name}");
        }
        // Every reference has its target, and no identifier occurs twice.
        let mut identifiers = BTreeSet::new();
        for (element, attribute) in
            [("文档数据", "文档数据ID"), ("编码", "编码ID"), ("编码数据", "编码数据ID")]
        {
            let mut found = Vec::new();
            eep.all(element, &mut found);
            for element in found {
                assert_eq!(element.attributes[0].0, attribute);
                assert!(identifiers.insert(element.attributes[0].1.as_str()), "{attribute}");
            }
        }
        assert!(eep.texts("文档标识符").into_iter().all(|id| identifiers.insert(id)));
        let mut agents = Vec::new();
        eep.all("机构人员实体", &mut agents);
        let agents: Vec<&str> = agents.iter().map(|agent| agent.text("机构人员标识符")).collect();
        assert_eq!(agents.iter().collect::<BTreeSet<_>>().len(), agents.len());
        let mut acts = Vec::new();
        eep.all("业务实体", &mut acts);
        for act in acts {
            assert!(agents.contains(&act.text("机构人员标识符")), "{act:?}");
            assert_eq!(act.text("文件标识符"), eep.text("电子文件号"));
        }
    }
    let (path, eep) = eeps.iter().find(|(_, eep)| eep.text("保管期限") == "30年").unwrap();
    assert!(path.ends_with("巴市民政〔2021〕1号.eep"));
    for (name, text) in [
        ("版本", "2009"),
        ("封装包类型", "原始型"),
        ("聚合层次", "文件"),
        ("文种", "报告"),
        ("主送", "省民政厅"),
        ("室编件号", "1"),
    ] {
        assert_eq!(eep.text(name), text, "{name}");
    }
    assert_eq!(eep.texts("业务行为"), ["生成", "签署件归档"]);
    assert_eq!(eep.texts("文档主从声明"), ["主文档", "附属文档", "附属文档"]);
    let names = encapsulated(path, eep);
    assert_eq!(names, ["巴市民政〔2021〕1号.pdf", "原件.pdf", "source.json", "verdict.json"]);
}

/// Files of several lines and parts of base64.
#[tokio::test]
async fn the_files_in_an_eep_are_those_of_the_filing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (from, signed) = proven(&path("from")).await;
    from.export_with_eep(&path("bag"), &TYPESETTER, ACTOR).await.unwrap();
    let eeps = eeps(&path("bag"));
    let [(place, eep)] = eeps.as_slice() else { panic!("{} EEPs", eeps.len()) };
    assert_eq!(encapsulated(place, eep).len(), 4);
    assert_eq!(eep.texts("计算机文件大小")[0], signed.len().to_string());

    // The schema is in the package, and all of it is imported like any other.
    let schema = fs::read_to_string(path("bag").join("data/其他/eep.xsd")).unwrap();
    Element::parse(&schema);
    let about = fs::read_to_string(path("bag").join("data/说明文件.TXT")).unwrap();
    assert!(about.contains("DA/T 48-2009"), "{about}");
    let to = archive(&path("to"), 0).await;
    assert_eq!(to.import(&path("bag"), ACTOR).await.unwrap().filings, 1);
}

#[tokio::test]
async fn eeps_are_written_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    make_archive(&path("from"));
    for (bag, flags, is_there) in [("without", &[][..], false), ("with", &["--eep"], true)] {
        let export = ["archive", "export", "--data", &path("from"), "--output", &path(bag)];
        assert_exit(&hongtou(&[&export, flags].concat()), 0);
        let schema = folder.path().join(bag).join("data/其他/eep.xsd");
        assert_eq!(schema.exists(), is_there, "{bag}");
    }
}
