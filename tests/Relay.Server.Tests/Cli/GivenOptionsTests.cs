using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

/// <summary>An option that has no effect in the form in which a command was called is refused by its name.</summary>
public sealed class GivenOptionsTests
{
    [Theory]
    [InlineData("--without-artifacts", "history", "node-1", "--without-artifacts")]
    [InlineData("--without-artifacts", "history", "node-1", "--at", "2026-01-31T12:00:00Z", "--without-artifacts")]
    [InlineData("--established", "nodes", "remove", "node-1", "--established")]
    [InlineData("--ca", "mirror", "copy", "--ca", "ca.pem")]
    [InlineData("--api-key", "mirror", "copy", "--api-key", "k")]
    [InlineData("--api-key-file", "bundle", "export", "--out", "x", "--api-key-file", "k")]
    [InlineData("--data", "mirror", "copy", "--relay", "https://localhost:1", "--data", "d")]
    [InlineData("--certificate-key", "serve", "--certificate-key", "key.pem")]
    [InlineData("--name", "serve", "--certificate", "chain.pem", "--name", "relay")]
    public async Task Command_OptionWithoutEffect_IsRefusedByName(string option, params string[] arguments)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(arguments);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.StartsWith($"relay: {option} ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_DataAndRepository_AreOneTooMany()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("x"), "x");

        RelayCommandRun run =
            await RelayCommandRun.RunAsync("explain", folder.Combine("x"), "--data", folder.FullPath, "--repository", folder.FullPath);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.StartsWith("relay: --data ", run.Error, StringComparison.Ordinal);
    }
}
