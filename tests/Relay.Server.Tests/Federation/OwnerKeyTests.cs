using Relay.Server.Cli;
using Relay.Server.Tests.Cli;

namespace Relay.Server.Tests.Federation;

/// <summary>The file by which an owner joins a round.</summary>
public sealed class OwnerKeyTests : IDisposable
{
    private readonly FederatedRound _round = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _round.Dispose();

    [Theory]
    [InlineData("owner-1.pem")]
    [InlineData("signer.json")]
    [InlineData("spec.json")]
    [InlineData("rows-none")]
    public async Task Join_KeyThatCannotBeUsed_IsRefusedBeforeTheRound(string key)
    {
        Assert.Equal(0, (await _round.PlanAsync()).Code);
        await File.WriteAllTextAsync(_round.PathOf("signer.json"), """{ "kind": "command" }""", Cancellation);

        RelayCommandRun refused = await RelayCommandRun.RunAsync(
            "federate", "join", _round.Round, "--coordinator", "https://localhost:1", "--key", _round.PathOf(key),
            "--train", _round.TrainOf(0), "--test", _round.Test, "--output", _round.PathOf("model.onnx"));

        Assert.Equal(CommandLine.Failed, refused.Code);
        Assert.Contains(Path.GetFileNameWithoutExtension(key), refused.Error, StringComparison.Ordinal);
    }
}
