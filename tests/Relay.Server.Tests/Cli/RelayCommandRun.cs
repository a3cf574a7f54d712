using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

/// <summary>A command of the relay, run in this process to its end.</summary>
internal sealed record RelayCommandRun(int Code, string Output, string Error)
{
    public static async Task<RelayCommandRun> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.RunAsync(RelayCommand.Create(), arguments, output, error, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>A command that asks a running relay, with the relay's admin key.</summary>
    public static Task<RelayCommandRun> OnAsync(TestRelay relay, params string[] arguments) => RunAsync(
        [.. arguments, "--relay", relay.Address.ToString(), "--ca", relay.CertificateAuthority, "--api-key", relay.AdminKey]);
}
