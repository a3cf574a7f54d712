using System.Security.Cryptography;
using System.Text;

namespace Relay.Cards.Writing;

/// <summary>The style sheet of the page, and its hash: a page with another one is not shown with it.</summary>
internal static class CardStyle
{
    public static readonly string Text =
        """

        :root{--paper:#fff;--ink:#1a1d21;--soft:#5a626c;--rule:#d5dae0;--shade:#f4f6f8;
        --s0:#0a66a8;--s1:#c24e00;--s2:#00795a;--s3:#a83f7f;--s4:#2a8fbd;--s5:#946200;--s6:#6b4aa0;--s7:#4a4f57}
        @media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e8eaed;--soft:#a3abb5;--rule:#3a4149;--shade:#1e2328;
        --s0:#6db6f2;--s1:#ff9a57;--s2:#45cfa3;--s3:#ee94c8;--s4:#8fdcff;--s5:#e3b54a;--s6:#b9a0f0;--s7:#bfc5cc}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
        main{max-width:62rem;margin:0 auto;padding:1rem}
        h1{font-size:1.6rem;line-height:1.25}
        h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}
        a{color:var(--s0)}
        nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:0}
        .figures{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
        figure{flex:1 1 20rem;max-width:30rem;margin:0;break-inside:avoid}
        figcaption{font-weight:600;margin:.4rem 0}
        svg{display:block;width:100%;height:auto}
        .scroll{overflow-x:auto;margin:.8rem 0}
        .scroll:focus-visible,pre:focus-visible{outline:2px solid var(--s0)}
        table{border-collapse:collapse;font-size:.9rem;overflow-wrap:normal}
        caption{text-align:left;font-weight:600;padding:.2rem 0}
        th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--rule);vertical-align:top}
        td,tbody th{max-width:34rem;overflow-wrap:break-word}
        thead th{background:var(--shade);vertical-align:bottom}
        tbody th{font-weight:400}
        table:not(.n) tr>*:not(:last-child){white-space:nowrap}
        table:not(.n) tr>*:last-child{min-width:14rem}
        .n td,.n thead th:not(:first-child){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        pre{background:var(--shade);border:1px solid var(--rule);padding:.7rem;overflow-x:auto;font-size:.85rem}
        .t{fill:var(--ink);font-size:11.5px}
        .t.i{fill:var(--paper)}
        .g{stroke:var(--rule)}
        .r{stroke:var(--soft);stroke-dasharray:4 4}
        .f{fill:none;stroke:var(--rule)}
        .l{fill:none;stroke-width:2}
        .l.s0{stroke:var(--s0)}
        .l.s1{stroke:var(--s1);stroke-dasharray:9 3}
        .l.s2{stroke:var(--s2);stroke-dasharray:5 3}
        .l.s3{stroke:var(--s3);stroke-dasharray:2 2}
        .l.s4{stroke:var(--s4);stroke-dasharray:12 3 2 3}
        .l.s5{stroke:var(--s5);stroke-dasharray:8 2 2 2 2 2}
        .l.s6{stroke:var(--s6);stroke-dasharray:14 4}
        .l.s7{stroke:var(--s7);stroke-dasharray:1 3}
        .b.s0,.d.s0{fill:var(--s0)}
        .b.s1,.d.s1{fill:var(--s1)}
        .d.s2{fill:var(--s2)}.d.s3{fill:var(--s3)}.d.s4{fill:var(--s4)}.d.s5{fill:var(--s5)}.d.s6{fill:var(--s6)}.d.s7{fill:var(--s7)}
        @media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;--shade:#f2f2f2;
        --s0:#0a66a8;--s1:#c24e00;--s2:#00795a;--s3:#a83f7f;--s4:#2a8fbd;--s5:#946200;--s6:#6b4aa0;--s7:#4a4f57}
        nav{display:none}main{max-width:none;padding:0}body{font-size:10pt}.scroll{overflow:visible}
        table{font-size:8pt}pre{white-space:pre-wrap}tr{break-inside:avoid}h2{break-after:avoid}}

        """;

    /// <summary>As a Content-Security-Policy names it.</summary>
    public static readonly string Hash = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}";
}
