using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Benchmarks.Serving;

/// <summary>Requests over kept TLS connections by h2load, a load generator in C of the nghttp2 project, a thread for each core.</summary>
/// <param name="PerSecond">Answers per second.</param>
/// <param name="Cipher">What the connections agreed on.</param>
internal sealed partial record LoadRun(double PerSecond, string Cipher)
{
    public const string Program = "h2load";
    public const int Connections = 16;

    private static readonly string Threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sends so many requests, one at a time on each connection.</summary>
    /// <param name="isHttp2">Else HTTP/1.1.</param>
    /// <param name="status">The first digit of the status that each answer must have.</param>
    /// <param name="headers">Of each request, each as <c>name: value</c>.</param>
    /// <exception cref="InvalidOperationException">An answer is missing or has another status.</exception>
    public static async Task<LoadRun> RunAsync(Uri address, int requests, bool isHttp2, int status, IReadOnlyList<string> headers)
    {
        string count = requests.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-n", count, "-c", Connections.ToString(CultureInfo.InvariantCulture), "-t", Threads, .. isHttp2 ? (string[])[] : ["--h1"],
            .. headers.SelectMany(header => (string[])["-H", header]), address.AbsoluteUri,
        ];
        CommandRun run = await CommandRun.TryAsync(Program, arguments)
            ?? throw new InvalidOperationException($"{Program} is not installed: Debian's package nghttp2-client has it.");
        string output = Encoding.UTF8.GetString(run.Output);
        return Read(output, requests, status) ?? throw new InvalidOperationException($"{address} was not answered as expected: {output}{run.Errors}");
    }

    /// <summary>Sends some hundred requests a second, which leave the server time, and gives the milliseconds to each answer, the longest last.
    /// </summary>
    public static async Task<IReadOnlyList<double>> TimeAsync(Uri address, int seconds, string header)
    {
        using TemporaryFolder folder = new();
        string log = folder.Combine("answers");
        CommandRun? run = await CommandRun.TryAsync(
            Program,
            ["-c", "4", "--rps", "100", "-D", seconds.ToString(CultureInfo.InvariantCulture), "--log-file", log, "-H", header, address.AbsoluteUri]);
        return run is { ExitCode: 0 }
            ? [.. File.ReadLines(log).Select(line => double.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture) / 1000).Order()]
            : throw new InvalidOperationException($"{Program} failed: {run?.Errors}");
    }

    /// <summary>Reads the report of h2load; null where not all requests have the status.</summary>
    private static LoadRun? Read(string output, int requests, int status)
    {
        Match statuses = StatusLine().Match(output);
        Match rate = RateLine().Match(output);
        return statuses.Success && rate.Success && statuses.Groups[status - 1].Value == requests.ToString(CultureInfo.InvariantCulture)
            ? new LoadRun(double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), CipherLine().Match(output).Groups[1].Value)
            : null;
    }

    // Of 2xx to 5xx: the group of a status is its first digit less one.
    [GeneratedRegex(@"^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", RegexOptions.Multiline)]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"^finished in [^,]+, ([0-9.]+) req/s", RegexOptions.Multiline)]
    private static partial Regex RateLine();

    [GeneratedRegex(@"^Cipher: (\S+)", RegexOptions.Multiline)]
    private static partial Regex CipherLine();
}
