using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Server.Cli;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Training;
using Relay.TestKit.Databases;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;

namespace Relay.TestKit;

/// <summary>A real relay, composed as the program composes it, in a temporary folder and on a free port of loopback, over HTTPS. Artifacts and
/// check-ins are open, unless a test closes them: most tests are about something else.</summary>
public sealed partial class TestRelay : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relay-test-").FullName;
    private readonly Func<RelayOptions, RelayOptions> _configure;
    private WebApplication? _app;
    private TimeProvider _time = TimeProvider.System;
    private int _port;

    private TestRelay(Func<RelayOptions, RelayOptions> configure)
    {
        _configure = configure;
        SmallModel.WriteFiles(DatasetsFolder);
    }

    public string DataFolder => Path.Combine(_root, "data");

    /// <summary>Holds the files of <see cref="SmallModel"/>.</summary>
    public string DatasetsFolder => Path.Combine(_root, "datasets");

    /// <summary>The same before and after a restart.</summary>
    public Uri Address => new($"https://localhost:{_port}");

    /// <summary>PEM of the authority that clients pin.</summary>
    public string CertificateAuthority => Path.Combine(DataFolder, "tls", "ca.pem");

    /// <summary>The root.json that nodes start from.</summary>
    public string TrustedRoot => Path.Combine(DataFolder, "trust", "root.json");

    public string AdminKey { get; private set; } = "";

    /// <summary>Sends the admin key.</summary>
    public HttpClient Admin { get; private set; } = new();

    /// <summary>Sends no key, as a node does.</summary>
    public HttpClient Anonymous { get; private set; } = new();

    internal IServiceProvider Services => _app!.Services;

    /// <summary>A connection to the database of the running relay.</summary>
    public System.Data.Common.DbConnection OpenDatabase() => Services.GetRequiredService<RelayDatabase>().Open();

    public static Task<TestRelay> StartAsync() => StartAsync(options => options);

    internal static async Task<TestRelay> StartAsync(Func<RelayOptions, RelayOptions> configure)
    {
        TestRelay relay = new(configure);
        await relay.StartHostAsync(configure);
        return relay;
    }

    /// <summary>A new client that trusts this relay only.</summary>
    public HttpClient CreateClient(string? key = null)
    {
        HttpClient client = CreateClient(inner => inner);
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>A new client that trusts this relay only.</summary>
    /// <param name="wrap">What handles each request before it is sent.</param>
    public HttpClient CreateClient(Func<HttpMessageHandler, HttpMessageHandler> wrap)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(CertificateAuthority);
        return new HttpClient(wrap(handler)) { BaseAddress = Address };
    }

    /// <summary>A new token with which nodes enroll.</summary>
    public async Task<string> CreateEnrollmentTokenAsync(int uses = 1000)
    {
        using HttpResponseMessage created = await Admin.PostAsJsonAsync(
            Routes.EnrollmentTokens, new EnrollmentTokenRequest { Name = "test", Uses = uses }, RelayApiJson.Default.EnrollmentTokenRequest);
        created.EnsureSuccessStatusCode();
        return (await created.Content.ReadFromJsonAsync(RelayApiJson.Default.EnrollmentTokenCreated))!.Token;
    }

    /// <summary>Stops in order and starts again in the same folder and on the same port.</summary>
    public Task RestartAsync() => RestartAsync(_configure);

    internal async Task RestartAsync(Func<RelayOptions, RelayOptions> configure)
    {
        await StopAsync();
        await StartHostAsync(configure);
    }

    /// <summary>Stops in order; the folder stays.</summary>
    public Task StopAsync() => EndAsync(CancellationToken.None);

    /// <summary>Drops all connections and work without waiting. For a real SIGKILL there is <see cref="RelayProcess"/>.</summary>
    public Task AbortAsync() => EndAsync(new CancellationToken(canceled: true));

    /// <summary>Starts again after <see cref="StopAsync"/> or <see cref="AbortAsync"/>.</summary>
    public Task StartAgainAsync() => StartHostAsync(_configure);

    public async ValueTask DisposeAsync()
    {
        await AbortAsync();
        try
        {
            await SignatureAudit.RequireAsync(Path.Combine(DataFolder, "repository"), _time.GetUtcNow());
        }
        finally
        {
            await DeleteAsync(_root);
        }
    }

    // Work that was dropped may still write its last file.
    private static async Task DeleteAsync(string folder)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private async Task StartHostAsync(Func<RelayOptions, RelayOptions> configure)
    {
        RelayOptions options = configure(new RelayOptions
        {
            DataFolder = DataFolder,
            Server = TestDatabases.FindServer(DataFolder),
            Address = IPAddress.Loopback,
            Port = _port,
            DatasetsFolder = DatasetsFolder,
            ShowAdminKey = key => AdminKey = key,
            ShowNotice = _ => { },
            LogLevel = LogLevel.Error,
            OpenArtifacts = true,
            OpenCheckIns = true,

            // A collection of the whole heap would stop all tests of this process.
            MoreServices = services => services.AddSingleton(new RunMemory(TimeProvider.System, () => { })),
        });
        _time = options.TimeProvider;
        _app = await RelayHost.BuildAsync(options, CancellationToken.None);
        await _app.StartAsync();
        _port = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        Admin = CreateClient(AdminKey);
        Anonymous = CreateClient();
    }

    private async Task EndAsync(CancellationToken patience)
    {
        if (_app is not { } app)
        {
            return;
        }

        _app = null;
        Admin.Dispose();
        Anonymous.Dispose();
        try
        {
            await app.StopAsync(patience);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // An abort: the host says that it did not wait, which is what was asked.
        }

        await app.DisposeAsync();
    }
}
