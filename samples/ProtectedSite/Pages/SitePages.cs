using System.Net;
using Sync.Client.AspNetCore;

namespace ProtectedSite.Pages;

/// <summary>The pages of the site: a small shop with the forms that attackers look for.</summary>
internal static class SitePages
{
    private const int LoginBytes = 4096;
    private static readonly string[] Products = ["Green tea", "Black tea", "Teapot", "Honey", "Oat biscuits"];

    public static void MapSitePages(this IEndpointRouteBuilder site)
    {
        site.MapGet("/", LivePage.Show);
        site.MapGet("/favicon.ico", () => Results.NotFound()).WithoutThreatScoring();
        site.MapGet("/home", () => Layout.Page("Welcome", "<p>Tea and what goes with it, since this morning.</p>"));
        site.MapGet("/products", () => Layout.Page("Products", List(Products)));
        site.MapGet("/search", Search);
        site.MapGet("/login", () => Layout.Page("Log in", LoginForm));
        site.MapPost("/login", LogInAsync);
        site.MapPost("/admin/login", LogInAsync);
        site.MapPost("/api/token", LogInAsync);
        site.MapFallback("{**path}", () => Layout.Page("Not here", "<p>No such page.</p>", StatusCodes.Status404NotFound));
    }

    private const string LoginForm =
        """
        <form method="post"><label>Name <input name="user"></label> <label>Password <input name="password" type="password"></label>
        <button>Log in</button></form>
        """;

    private static IResult Search(string? q) => Layout.Page(
        "Search",
        $"<p>Results for <b>{WebUtility.HtmlEncode(q)}</b></p>"
        + List(Products.Where(p => q is not null && p.Contains(q, StringComparison.OrdinalIgnoreCase))));

    // The only account has a password that begins with "right".
    private static async Task<IResult> LogInAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        char[] text = new char[LoginBytes];
        using StreamReader reader = new(request.Body);
        int length = await reader.ReadBlockAsync(text, cancellationToken);
        bool right = new string(text, 0, length).Contains("password=right", StringComparison.Ordinal);
        return right
            ? Layout.Page("Welcome", "<p>You are logged in.</p>")
            : Layout.Page("Log in", "<p>Name or password is wrong.</p>" + LoginForm, StatusCodes.Status401Unauthorized);
    }

    private static string List(IEnumerable<string> items) =>
        $"<ul>{string.Concat(items.Select(i => $"<li>{WebUtility.HtmlEncode(i)}</li>"))}</ul>";
}
