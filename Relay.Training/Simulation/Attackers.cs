namespace Relay.Training.Simulation;

/// <summary>The seven attack classes, with the behavior of their programs and people over time.</summary>
internal static class Attackers
{
    private static readonly string[] Tools = ["sqlmap/1.7", "Nikto/2.5.0", "curl/8.5.0", "python-requests/2.31", "Mozilla/5.0"];
    private static readonly string[] Endpoints = ["/search?q=", "/products?id=", "/item?name=", "/account?user=", "/api/find?term="];
    private static readonly string[] Hidden =
    [
        "/phpmyadmin", "/wp-login.php", "/.env", "/.git/config", "/admin", "/manager/html", "/server-status", "/cgi-bin/test", "/backup.zip",
        "/actuator/env", "/console", "/solr/admin", "/jenkins", "/owa", "/xmlrpc.php", "/config.json",
    ];

    public static IEnumerable<SimulatedRequest> SqlInjection(SimulatedClient client) => Inject(client, "sql_injection", Payloads.SqlInjection);

    public static IEnumerable<SimulatedRequest> CrossSiteScript(SimulatedClient client) => Inject(client, "xss", Payloads.CrossSiteScript);

    public static IEnumerable<SimulatedRequest> CommandInjection(SimulatedClient client) =>
        Inject(client, "command_injection", Payloads.CommandInjection);

    /// <summary>Climbs out of the site's folder, in the path itself or in a parameter.</summary>
    public static IEnumerable<SimulatedRequest> Traverse(SimulatedClient client)
    {
        Dress(client);
        for (int i = client.Random.Next(5, 30); i > 0; i--)
        {
            string payload = Payloads.Traversal(client.Random);
            yield return client.Get(client.Pick<string>(["/", "/img/", "/download?file=", "/view?page="]) + payload, "directory_traversal");
            client.Pause(1.5);
        }
    }

    /// <summary>Tries payloads in parameters and sometimes in a header, at a tool's pace or by hand.</summary>
    private static IEnumerable<SimulatedRequest> Inject(SimulatedClient client, string @class, Func<Random, string> payload)
    {
        Dress(client);
        double pause = client.Pick<double>([0.2, 1, 6]);
        for (int i = client.Random.Next(5, 40); i > 0; i--)
        {
            string target = client.Pick(Endpoints) + Uri.EscapeDataString(payload(client.Random));
            if (client.Random.Next(4) == 0)
            {
                target += $"&page={client.Random.Next(1, 30)}";
            }

            // In turn, so that every session has a payload in a header.
            yield return (i % 8) switch
            {
                0 => client.Post(target, @class, client.Random.Next(20, 200)),
                1 => client.Send("GET", target, @class, false, new KeyValuePair<string, string>("Referer", HeaderText(payload(client.Random)))),
                _ => client.Get(target, @class),
            };
            client.Pause(pause);
        }
    }

    /// <summary>One program on several machines asks for the same page as fast as it can. Each page is asked for by browsers and by tools in
    /// turn.</summary>
    public static IEnumerable<SimulatedRequest> Flood(SimulatedClient client)
    {
        string[] targets = ["/", "/search?q=a", "/products", "/api/prices"];
        string target = targets[client.Turn % targets.Length];
        Dress(client, asBrowser: (client.Turn + (client.Turn / targets.Length)) % 2 == 0);
        SimulatedClient[] bots = [client, .. Enumerable.Range(0, client.Random.Next(2, 6)).Select(_ => client.Twin(client.Now))];
        foreach (SimulatedClient bot in bots)
        {
            for (int i = client.Random.Next(12, 30); i > 0; i--)
            {
                yield return bot.Get(target + (target.Contains('?') ? $"&r={client.Random.Next(50)}" : ""), "ddos");
                bot.Pause(0.03);
            }
        }
    }

    /// <summary>Guesses passwords, one log-in after another.</summary>
    public static IEnumerable<SimulatedRequest> GuessPasswords(SimulatedClient client)
    {
        Dress(client);
        double pause = client.Pick<double>([0.15, 0.8, 3]);
        string target = client.Pick<string>(["/login", "/login", "/admin/login", "/api/token"]);
        for (int i = client.Random.Next(15, 80); i > 0; i--)
        {
            yield return client.Post(target, "brute_force", client.Random.Next(24, 64), loginFails: true);
            client.Pause(pause);
        }
    }

    public static IEnumerable<SimulatedRequest> ScanAsTool(SimulatedClient client) => Scan(client.With("User-Agent", client.Pick(Tools)));

    public static IEnumerable<SimulatedRequest> ScanUnnamed(SimulatedClient client) => Scan(client);

    /// <summary>Scans for open services: paths of other software, unusual methods, one quick try each.</summary>
    private static IEnumerable<SimulatedRequest> Scan(SimulatedClient client)
    {
        for (int i = client.Random.Next(15, 60); i > 0; i--)
        {
            string method = client.Pick<string>(["GET", "HEAD", "HEAD", "OPTIONS", "PUT", "DELETE"]);
            yield return method == "PUT"
                ? client.Send(method, client.Pick(Hidden), "port_scan", false, new KeyValuePair<string, string>("Content-Length", "0"))
                : client.Send(method, client.Pick(Hidden), "port_scan");
            client.Pause(0.1);
        }
    }

    /// <summary>Half of the attackers look like a browser, the others like the tool they are.</summary>
    private static void Dress(SimulatedClient client) => Dress(client, asBrowser: client.Random.Next(2) == 0);

    private static void Dress(SimulatedClient client, bool asBrowser)
    {
        _ = asBrowser
            ? client.WithBrowserHeaders()
            : client.With("User-Agent", client.Pick(Tools)).With("Accept", "*/*");
        client.MaybeThroughProxy();
    }

    /// <summary>Header values take no line breaks; everything else goes as it is.</summary>
    private static string HeaderText(string payload) => payload + (payload.Length % 3 == 0 ? @"\r\nX-Injected: 1" : "");
}
