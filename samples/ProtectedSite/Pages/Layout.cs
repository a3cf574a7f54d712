namespace ProtectedSite.Pages;

/// <summary>The frame of all pages. Callers encode what comes from outside.</summary>
internal static class Layout
{
    public static IResult Page(string title, string body, int status = StatusCodes.Status200OK) => Results.Content(
        $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width">
          <title>{{title}} - Corner Shop</title>
          <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #222; }
            nav a { margin-right: 1rem; } a { color: #0a58a8; }
            table { border-collapse: collapse; width: 100%; font-size: .9rem; }
            td, th { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #ddd; white-space: nowrap; }
            td:nth-child(3) { white-space: normal; overflow-wrap: anywhere; }
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
