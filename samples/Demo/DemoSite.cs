using System.Diagnostics;
using System.Net.Http.Json;

namespace Demo;

/// <summary>A protected site of the demonstration: a node in a process of its own.</summary>
internal sealed class DemoSite(string name, string folder, string model, int port) : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private ChildProcess? _process;

    /// <summary>The address that a browser opens.</summary>
    public Uri Address { get; private set; } = new($"http://127.0.0.1:{port}");

    public string Name => name;

    /// <summary>Everything that the site printed so far.</summary>
    public IReadOnlyCollection<string> Output => _process?.Output ?? [];

    /// <param name="relay">The address: the relay's own, or that of a proxy.</param>
    /// <param name="operatedBy">The relay whose operator gave the site its files and its enrollment token.</param>
    public async Task StartAsync(Uri relay, DemoRelay operatedBy, CancellationToken cancellationToken)
    {
        _process = ChildProcess.Start(
            SiteAssembly(), "--urls", Address.ToString(), "--Relay", relay.ToString(), "--TrustedRoot", operatedBy.TrustedRoot,
            "--TlsRoot", operatedBy.CertificateAuthority, "--EnrollmentTokenFile", operatedBy.EnrollmentTokenFile,
            "--StoreFolder", Path.Combine(folder, "store"), "--Model", model, "--NodeId", name, "--PollSeconds", "0.5");
        for (int i = 0; !await IsRespondingAsync(cancellationToken); i++)
        {
            if (_process.HasExited || i == 300)
            {
                throw new DemoException($"the site '{name}' does not start:\n{string.Join('\n', _process.Output.TakeLast(20))}");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async Task<SiteStatus> StatusAsync(CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync(new Uri(Address, "/relay/status"), DemoJson.Default.SiteStatus, cancellationToken)
            ?? throw new DemoException($"the site '{name}' gives no status");

    /// <summary>Predicts without pause on a number of threads; 0 stops.</summary>
    public async Task LoadAsync(int threads, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(
            new Uri(Address, "/load"), new SiteLoad(threads), DemoJson.Default.SiteLoad, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until the status is as expected.</summary>
    /// <exception cref="DemoException">The status did not become so within a minute.</exception>
    public async Task<SiteStatus> WaitUntilAsync(string what, Predicate<SiteStatus> isReached, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            SiteStatus status = await StatusAsync(cancellationToken);
            if (isReached(status))
            {
                return status;
            }

            if (Stopwatch.GetElapsedTime(start) > Deadline)
            {
                throw new DemoException(
                    $"'{name}' did not reach {what}: it runs version {status.Active?.Version.ToString() ?? "none"}, last refusal " +
                        $"{status.Refusals.LastOrDefault()?.Reason ?? "none"}");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
    }

    private async Task<bool> IsRespondingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StatusAsync(cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;                       // nothing listens yet
        }
    }

    /// <summary>The sample node, which is built with this program and in the same configuration.</summary>
    private static string SiteAssembly()
    {
        DirectoryInfo output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        for (DirectoryInfo? at = output; at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Relay.sln")))
            {
                string built = Path.Combine(
                    at.FullName, "samples", "ProtectedSite", "bin", output.Parent!.Name, output.Name, "ProtectedSite.dll");
                return File.Exists(built) ? built : throw new DemoException("the sample node is not built: run 'dotnet build samples/Demo' first");
            }
        }

        throw new DemoException("the demonstration runs from a checkout of the repository, where the sample node is");
    }
}
