using System.Globalization;
using Shared.Contracts.Http;

namespace Relay.Training.Simulation;

/// <summary>Benign traffic: people who browse, programs that poll, and crawlers.</summary>
internal static class Visitors
{
    private static readonly string[] Pages =
        ["/", "/products", "/products?page=2&sort=price", "/about", "/contact", "/cart", "/help/shipping", "/css/site.css", "/js/app.js",
            "/img/logo.svg"];

    private static readonly string[] Searches =
        ["red shoes", "O'Brien", "50% off", "size 42", "T-shirt (blue)", "C# book", "rock & roll", "select chairs", "drop leaf table", "<3 gifts",
            "script font"];

    /// <summary>A person: pages with pauses to read, searches, a login that sometimes fails at first.</summary>
    public static IEnumerable<SimulatedRequest> Browse(SimulatedClient client)
    {
        client.WithBrowserHeaders().MaybeThroughProxy();
        bool returning = client.Random.Next(2) == 0;
        if (returning)
        {
            client.With("Cookie", $"session={Token(client.Random, 24)}");
        }

        int pages = client.Random.Next(3, 40);
        for (int i = 0; i < pages; i++)
        {
            yield return client.Random.Next(10) switch
            {
                0 or 1 => client.Get($"/search?q={Uri.EscapeDataString(client.Pick(Searches))}", HttpFeatureSchema.Benign),
                2 => client.Get($"/products/{client.Random.Next(1, 5000)}", HttpFeatureSchema.Benign),
                3 when returning => client.Post("/cart", HttpFeatureSchema.Benign, client.Random.Next(16, 60)),
                _ => client.Get(client.Pick(Pages), HttpFeatureSchema.Benign),
            };

            if (i == 2 && client.Random.Next(3) == 0)
            {
                foreach (SimulatedRequest attempt in LogIn(client))
                {
                    yield return attempt;
                }
            }

            client.Pause(client.Random.Next(3) == 0 ? 0.3 : 12);
        }
    }

    private static IEnumerable<SimulatedRequest> LogIn(SimulatedClient client)
    {
        for (int wrong = client.Random.Next(5) - 2; wrong > 0; wrong--)
        {
            client.Pause(8);
            yield return client.Post("/login", HttpFeatureSchema.Benign, client.Random.Next(28, 50), loginFails: true);
        }

        client.Pause(6);
        yield return client.Post("/login", HttpFeatureSchema.Benign, client.Random.Next(28, 50));
    }

    /// <summary>A program that asks at a steady pace, sometimes several times a second.</summary>
    public static IEnumerable<SimulatedRequest> Poll(SimulatedClient client)
    {
        string agent = client.Pick<string>(["shop-app/4.2", "okhttp/4.12", "python-requests/2.31", "monitor/1.0", ""]);
        if (agent.Length > 0)
        {
            client.With("User-Agent", agent);
        }

        client.With("Accept", "application/json").MaybeThroughProxy();
        string target = client.Pick<string>(["/api/prices", "/api/stock?sku=1041&sku=1042", "/health", "/api/orders/latest"]);
        double period = client.Pick<double>([0.25, 1, 5, 30, 60]);
        int calls = client.Random.Next(10, 80);
        for (int i = 0; i < calls; i++)
        {
            yield return client.Send(client.Random.Next(12) == 0 ? "HEAD" : "GET", target, HttpFeatureSchema.Benign);
            client.Wait(period * (0.98 + 0.04 * client.Random.NextDouble()));
        }
    }

    /// <summary>A crawler: many different pages at a slow pace, with its own User-Agent.</summary>
    public static IEnumerable<SimulatedRequest> Crawl(SimulatedClient client)
    {
        client.With("User-Agent", "Mozilla/5.0 (compatible; searchbot/2.1; +https://search.example/bot)").With("Accept", "*/*");
        int pages = client.Random.Next(20, 60);
        yield return client.Get("/robots.txt", HttpFeatureSchema.Benign);
        for (int i = 0; i < pages; i++)
        {
            client.Pause(2.5);
            yield return client.Get(
                string.Create(CultureInfo.InvariantCulture, $"/products/{client.Random.Next(1, 5000)}"), HttpFeatureSchema.Benign);
        }
    }

    internal static string Token(Random random, int length) =>
        string.Create(length, random, static (span, r) => r.GetItems("abcdefghijklmnopqrstuvwxyz0123456789", span));
}
