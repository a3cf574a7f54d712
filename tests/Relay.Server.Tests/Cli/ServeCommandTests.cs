using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_TrustOutOnANewFolder_WritesWhatNodesNeed()
    {
        string output = await ServeAsync("--trust-out", _folder.Combine("trust"));

        Assert.Contains("BEGIN CERTIFICATE", File.ReadAllText(_folder.Combine("trust/ca.pem")), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.Combine("trust/root.json")));
        Assert.Contains(_folder.Combine("data/tls/ca.pem"), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SelfSignedCertificateAndTrustOutOnANewFolder_GivesThatCertificateToPin()
    {
        string pem = WriteCertificate("own.pem");

        string output = await ServeAsync("--certificate", _folder.Combine("own.pem"), "--trust-out", _folder.Combine("trust"));

        Assert.Equal(pem, File.ReadAllText(_folder.Combine("trust/ca.pem")).TrimEnd());
        Assert.True(File.Exists(_folder.Combine("trust/root.json")));
        Assert.DoesNotContain("tls/ca.pem", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Combine("data/tls/ca.pem")));
    }

    [Fact]
    public async Task Serve_IssuedCertificateWithoutItsAuthority_SaysThatTheAuthorityIsNotThere()
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest root = new("CN=authority", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 authority = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(9));
        WriteCertificate("issued.pem", authority);

        string output = await ServeAsync("--certificate", _folder.Combine("issued.pem"), "--trust-out", _folder.Combine("trust"));

        Assert.False(File.Exists(_folder.Combine("trust/ca.pem")));
        Assert.True(File.Exists(_folder.Combine("trust/root.json")));
        Assert.Contains("issued.pem", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_IsOneLineAndAnExitCode()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        CommandRun run = (await CommandRun.TryAsync(
            "dotnet",
            [typeof(CommandLine).Assembly.Location, "serve", "--data", _folder.Combine("data"), "--address", "127.0.0.1", "--port", $"{port}"]))!;

        string error = run.Errors.Trim();
        string printed = System.Text.Encoding.UTF8.GetString(run.Output) + error;
        Assert.Equal(CommandLine.Failed, run.ExitCode);
        Assert.StartsWith("relay: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.Contains($"{port}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--start-anew", true)]
    [InlineData("--verbose", false)]
    public async Task Serve_DatabaseLost_StartsOnlyWithStartAnew(string option, bool starts)
    {
        await ServeAsync();
        File.Delete(_folder.Combine("data/relay.db"));

        (int code, _, string error) = await RunAsync(option);

        Assert.Equal(starts ? 0 : CommandLine.Failed, code);
        Assert.Equal(!starts, error.Contains("--start-anew", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--rate-limit", "1000001")]
    [InlineData("--max-nodes", "0")]
    public async Task Serve_NumberOutOfItsBounds_IsRefusedByTheOption(string option, string value)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("serve", "--data", _folder.Combine("data"), option, value);

        Assert.NotEqual(0, run.Code);
        Assert.Contains($"{option} takes ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("data")));
    }

    [Fact]
    public async Task Serve_LogInJson_PrintsNothingButObjects()
    {
        string output = await ServeAsync("--log", "json", "--trust-out", _folder.Combine("trust"));

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] messages = [.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!)];
        Assert.Contains(messages, message => message.StartsWith("Listening on https://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.StartsWith("Admin key, shown only this once: relay_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_LogOfAnotherForm_IsRefusedByTheOption()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("serve", "--data", _folder.Combine("data"), "--log", "xml");

        Assert.NotEqual(0, run.Code);
        Assert.Contains("json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_EnrollTokenOut_WritesANewTokenAtEachStartAndRevokesTheOneBefore()
    {
        string file = _folder.Combine("for-nodes/enroll-token");
        await ServeAsync("--enroll-token-out", file);
        string first = await File.ReadAllTextAsync(file);
        await ServeAsync("--enroll-token-out", file);
        string second = await File.ReadAllTextAsync(file);

        Assert.StartsWith("relay_enroll_", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        using SqliteConnection connection = new($"Data Source={_folder.Combine("data/relay.db")};Pooling=False");
        connection.Open();
        Assert.Equal([true, false], connection.Query<bool>("SELECT revoked_at IS NOT NULL FROM enrollment_tokens ORDER BY id"));
    }

    private async Task<string> ServeAsync(params string[] options)
    {
        (int code, string output, string error) = await RunAsync(options);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    /// <summary>Runs the relay until it serves, and stops it as a termination signal does.</summary>
    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] options)
    {
        using CancellationTokenSource stop = new();
        using StringWriter output = new();
        using StringWriter error = new();
        TextWriter shared = TextWriter.Synchronized(output);
        string Printed()
        {
            // The writer's own methods lock it.
            lock (shared)
            {
                return output.ToString();
            }
        }

        Task<int> serving = CommandLine.RunAsync(
            RelayCommand.Create(),
            ["serve", "--data", _folder.Combine("data"), "--address", "127.0.0.1", "--port", "0", .. options], shared, error, stop.Token);
        await Eventually.TrueAsync(
            () => serving.IsCompleted || Printed().Contains("Nodes start", StringComparison.Ordinal), "the relay serves or ends");
        await stop.CancelAsync();
        return (await serving, Printed(), error.ToString());
    }

    private string WriteCertificate(string name, X509Certificate2? issuer = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=own", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 own = issuer is null
            ? request.CreateSelfSigned(now.AddHours(-1), now.AddDays(5))
            : request.Create(issuer, now.AddHours(-1), now.AddDays(5), [1, 2, 3]);
        string pem = own.ExportCertificatePem();
        File.WriteAllText(_folder.Combine(name), $"{pem}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return pem;
    }
}
