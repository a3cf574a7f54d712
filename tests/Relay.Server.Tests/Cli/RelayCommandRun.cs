using Relay.Server.Cli;
using Relay.Server.Cli.Configuration;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

/// <summary>A command of the relay, run in this process to its end.</summary>
internal sealed record RelayCommandRun(int Code, string Output, string Error)
{
    public static Task<RelayCommandRun> RunAsync(params string[] arguments) => RunAsync(RelaySettings.None, arguments);

    /// <summary>A command that reads these variables, and none of this process.</summary>
    public static Task<RelayCommandRun> InAsync(Dictionary<string, string> environment, params string[] arguments) =>
        RunAsync(new RelaySettings(new SettingSources(environment)), arguments);

    private static async Task<RelayCommandRun> RunAsync(RelaySettings settings, string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(settings), arguments, output, error, settings, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>A command that asks a running relay, with the relay's admin key.</summary>
    public static Task<RelayCommandRun> OnAsync(TestRelay relay, params string[] arguments) => RunAsync(
        [.. arguments, "--relay", relay.Address.ToString(), "--ca", relay.CertificateAuthority, "--api-key", relay.AdminKey]);
}
