namespace ProtectedSite.Pages;

/// <summary>The frame of all pages. Callers encode what comes from outside.</summary>
internal static class Layout
{
    public static IResult Page(string title, string body, int status = StatusCodes.Status200OK) => Results.Content(
        $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{{title}} - Corner Shop</title>
          <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #222; overflow-wrap: anywhere; }
            nav a { display: inline-block; margin-right: 1rem; } a { color: #0a58a8; }
            table { border-collapse: collapse; width: 100%; font-size: .9rem; }
            td, th { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #ddd; white-space: nowrap; }
            td:nth-child(3) { white-space: normal; overflow-wrap: anywhere; }
            @media (max-width: 45rem) {
              thead { position: absolute; clip-path: inset(50%); }
              tr { display: grid; grid-template-columns: 1fr auto auto; column-gap: .6rem; padding: .3rem; border-bottom: 1px solid #ddd; }
              td, th { border: 0; padding: 0; white-space: normal; }
              td:nth-child(1) { grid-area: 3 / 1; }
              td:nth-child(2) { grid-area: 3 / 2 / auto / span 2; text-align: right; }
              td:nth-child(3) { grid-area: 2 / 1 / auto / span 3; }
              td:nth-child(4) { grid-area: 1 / 1; font-weight: bold; }
              td:nth-child(5) { grid-area: 1 / 2; }
              td:nth-child(6) { grid-area: 1 / 3; }
              td:nth-child(6)::before { content: "version "; }
            }
            .threat { background: #fdeaea; } .mono { font-family: ui-monospace, monospace; }
          </style>
        </head>
        <body>
          <nav><a href="/">Live verdicts</a><a href="/home">Home</a><a href="/products">Products</a><a href="/search?q=tea">Search</a><a href="/login">Log in</a></nav>
          <h1>{{title}}</h1>
          {{body}}
        </body>
        </html>
        """,
        "text/html; charset=utf-8", statusCode: status);
}
