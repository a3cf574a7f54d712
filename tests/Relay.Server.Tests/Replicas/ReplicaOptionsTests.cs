using Relay.Server.Tests.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Replicas;

/// <summary>Options of several relays that do not fit together: one line says which, and nothing is created.</summary>
public sealed class ReplicaOptionsTests : IDisposable
{
    private const string Database = "Host=127.0.0.1;Port=1;Database=relay;Username=relay";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("name it by --database or --database-file", "--replica-address", "https://10.0.0.5:60002")]
    [InlineData("name it by --database or --database-file", "--role", "worker")]
    [InlineData("--role api needs --replica-address", "--role", "api", "--database", Database)]
    [InlineData(
        "--role worker answers no requests", "--role", "worker", "--replica-address", "https://10.0.0.5:60002", "--database", Database)]
    [InlineData("--new-admin-key is for a start of one relay alone", "--new-admin-key", "--role", "worker", "--database", Database)]
    [InlineData(
        "--start-anew is for a start of one relay alone",
        "--start-anew", "--replica-address", "https://10.0.0.5:60002", "--database", Database)]
    [InlineData(
        "--clock-is-right is for a start of one relay alone",
        "--clock-is-right", "--replica-address", "https://10.0.0.5:60002", "--database", Database)]
    [InlineData("without a path, not 'http://10.0.0.5:60002'", "--replica-address", "http://10.0.0.5:60002", "--database", Database)]
    [InlineData("without a path, not 'https://10.0.0.5/relay'", "--replica-address", "https://10.0.0.5/relay", "--database", Database)]
    [InlineData("without a path, not 'https://me@10.0.0.5'", "--replica-address", "https://me@10.0.0.5", "--database", Database)]
    [InlineData("without a path, not '10.0.0.5:60002'", "--replica-address", "10.0.0.5:60002", "--database", Database)]
    [InlineData("primary", "--role", "primary", "--database", Database)]
    public async Task Serve_OptionsThatDoNotFitTogether_IsRefused(string reason, params string[] options)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(["serve", "--data", _folder.Combine("data"), "--port", "0", .. options]);

        Assert.NotEqual(0, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("data")));
    }
}
