using Relay.Server.Cli;

namespace Benchmarks.Serving;

/// <summary>One file on one server.</summary>
/// <param name="ProcessorTime">What the server has used so far.</param>
internal sealed record ServedFile(Uri Address, Func<TimeSpan> ProcessorTime)
{
    private const int Found = 2;
    private const int NotModified = 3;

    /// <summary>The entity tag to ask with; null: each request asks for the whole file.</summary>
    public string? Tag { get; private init; }

    /// <summary>Further headers of each request, each as <c>name: value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The same file, for requests that ask whether it has changed.</summary>
    /// <param name="authority">PEM of the authority that issued the server's certificate.</param>
    public async Task<ServedFile> WithTagAsync(string authority, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(authority);
        using HttpClient client = new(handler);
        using HttpResponseMessage response = await client.GetAsync(Address, cancellationToken);
        return this with { Tag = response.EnsureSuccessStatusCode().Headers.ETag!.ToString() };
    }

    /// <returns>Answers per second, processor time of the server for each, and the cipher.</returns>
    public async Task<(double PerSecond, double Microseconds, string Cipher)> MeasureAsync(int requests, bool isHttp2)
    {
        TimeSpan before = ProcessorTime();
        LoadRun run = Tag is null
            ? await LoadRun.RunAsync(Address, requests, isHttp2, Found, Headers)
            : await LoadRun.RunAsync(Address, requests, isHttp2, NotModified, [.. Headers, $"if-none-match: {Tag}"]);
        return (run.PerSecond, (ProcessorTime() - before).TotalMicroseconds / requests, run.Cipher);
    }
}
