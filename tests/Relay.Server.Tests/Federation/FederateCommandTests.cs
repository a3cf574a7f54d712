using System.Diagnostics;
using Relay.Server.Cli;
using Relay.Server.Federation;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.Training.Federated;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Federation;

/// <summary><c>relay federate</c> from keys to the model, over HTTPS on this machine.</summary>
public sealed class FederateCommandTests : IDisposable
{
    private readonly FederatedRound _round = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _round.Dispose();

    [Theory]
    [InlineData("gradient-boosting")]
    [InlineData("random-forest")]
    public async Task Join_ThreeOwners_AllHaveTheFileOfCentralTraining(string algorithm)
    {
        Assert.Equal(0, (await _round.PlanAsync(algorithm)).Code);
        await using FederatedRound.Coordinator coordinator = await _round.CoordinateAsync();

        RelayCommandRun[] owners = await Task.WhenAll(Enumerable.Range(0, 3).Select(owner => _round.JoinAsync(owner, coordinator)));

        Assert.All(owners, owner => Assert.True(owner.Code == 0, owner.Error));
        Assert.Null((await coordinator.Ended).Fault);
        RelayCommandRun central = await RelayCommandRun.RunAsync(
        [
            "train", _round.PathOf("spec.json"), .. Enumerable.Range(0, 3).SelectMany(owner => new[] { "--train", _round.TrainOf(owner) }),
            "--test", _round.Test, "--output", _round.PathOf("central.onnx"), .. FederatedRound.Accept,
        ]);
        Assert.True(central.Code == 0, central.Error);
        byte[] expected = await File.ReadAllBytesAsync(_round.PathOf("central.onnx"), Cancellation);
        for (int owner = 0; owner < 3; owner++)
        {
            Assert.Equal(expected, await File.ReadAllBytesAsync(_round.PathOf($"model-{owner}.onnx"), Cancellation));
        }
    }

    [Fact]
    public async Task Plan_TwoOwners_IsRefused()
    {
        RelayCommandRun plan = await _round.PlanAsync(owners: 2);

        Assert.Equal(CommandLine.Failed, plan.Code);
        Assert.False(File.Exists(_round.Round));
    }

    /// <summary>Killed in the middle of the round: the others end within seconds, and say who is gone.</summary>
    [Fact]
    public async Task Join_OneOwnerIsKilled_AllEndWithItsName()
    {
        Assert.Equal(0, (await _round.PlanAsync(trees: 1000)).Code);
        await using FederatedRound.Coordinator coordinator = await _round.CoordinateAsync();
        using Process third = _round.StartProcess(2, coordinator);
        Task<RelayCommandRun>[] others = [_round.JoinAsync(0, coordinator), _round.JoinAsync(1, coordinator)];
        await Eventually.TrueAsync(() => coordinator.Said("greeted"), "all owners greeted each other", cancellationToken: Cancellation);

        third.Kill();
        Stopwatch clock = Stopwatch.StartNew();
        RelayCommandRun[] ended = await Task.WhenAll(others);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.All(ended, owner => Assert.Contains("owner-2 is gone", owner.Error, StringComparison.Ordinal));
        Assert.All(ended, owner => Assert.Equal(CommandLine.Failed, owner.Code));
        Assert.Equal(RoundFault.OwnerLost, (await coordinator.Ended).Fault);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_round.Round)!, "model-*"));
    }

    /// <summary>The text of the error quotes a row: it stays with the owner.</summary>
    [Fact]
    [Trait("Attack", "curious-owner")]
    public async Task Join_BadCellOfOneOwner_OthersLearnThatItLeftAndNotTheCell()
    {
        Assert.Equal(0, (await _round.PlanAsync()).Code);
        await File.AppendAllTextAsync(_round.TrainOf(1), "secret-cell,tcp,fine\n", Cancellation);
        await using FederatedRound.Coordinator coordinator = await _round.CoordinateAsync();

        RelayCommandRun[] owners = await Task.WhenAll(Enumerable.Range(0, 3).Select(owner => _round.JoinAsync(owner, coordinator)));

        Assert.All(owners, owner => Assert.Equal(CommandLine.Failed, owner.Code));
        Assert.Contains("secret-cell", owners[1].Error, StringComparison.Ordinal);
        Assert.All(
            new[] { owners[0].Error, owners[2].Error, string.Join('\n', coordinator.Log) },
            text =>
            {
                Assert.Contains("owner-1 ended with InvalidData", text, StringComparison.Ordinal);
                Assert.DoesNotContain("secret-cell", text, StringComparison.Ordinal);
            });
    }

    /// <summary>An owner finds that another one lies, and says so: what the coordinator says of the end does not replace it, even when it comes
    /// first.</summary>
    [Fact]
    [Trait("Attack", "two-sums")]
    public async Task Join_OwnerSignsAnotherHistory_OthersEndWithWhatTheyFound()
    {
        Assert.Equal(0, (await _round.PlanAsync()).Code);
        RoundDocument round = RoundDocument.Parse(await File.ReadAllBytesAsync(_round.Round, Cancellation));
        HttpRoundTransport? told = null;
        await using FederatedRound.Coordinator coordinator = await _round.CoordinateAsync(line =>
        {
            // The coordinator answers to the owner that leaves after all owners know why the round ended.
            if (line.Contains("ended with", StringComparison.Ordinal))
            {
                told!.Ended.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            }
        });
        using OwnerKey key = _round.KeyOf(2);
        await using HttpRoundTransport liar = await HttpRoundTransport.ConnectAsync(
            coordinator.Address, RelayApi.Pin(coordinator.Authority), round, key, TimeProvider.System, Cancellation);
        told = liar;
        byte[] message = new RoundMessage(MessageKind.Hello, 2, 0, round.Digest, new byte[32], new byte[16]).ToBytes(key);

        Task<byte[][]> lies = Task.Run(() => liar.Exchange(message, Cancellation), Cancellation);
        RelayCommandRun[] owners = await Task.WhenAll(_round.JoinAsync(0, coordinator), _round.JoinAsync(1, coordinator));

        Assert.All(owners, owner => Assert.Equal(CommandLine.Failed, owner.Code));
        string detail = (await coordinator.Ended).Detail;
        Assert.Contains("ended with TranscriptsDiffer", detail, StringComparison.Ordinal);
        int finder = detail.Contains("owner-0", StringComparison.Ordinal) ? 0 : 1;
        Assert.Contains("the round ended, TranscriptsDiffer", owners[finder].Error, StringComparison.Ordinal);
        Assert.All(owners, owner => Assert.Contains(nameof(RoundFault.TranscriptsDiffer), owner.Error, StringComparison.Ordinal));
        await Task.WhenAny(lies);
    }

    [Fact]
    public async Task Join_OtherHeldOutFileOrKeyOrCoordinator_IsRefusedBeforeTheRound()
    {
        Assert.Equal(0, (await _round.PlanAsync()).Code);
        await using FederatedRound.Coordinator coordinator = await _round.CoordinateAsync();
        string[] join = _round.JoinOf(0, coordinator);
        Assert.Equal(0, (await RelayCommandRun.RunAsync("federate", "key", _round.PathOf("stranger.pem"))).Code);
        string stopped = "https://localhost:1";
        string large = _round.PathOf("large.pem");
        await File.WriteAllBytesAsync(large, new byte[65_537], Cancellation);

        (string Option, string Value, string Word)[] cases =
        [
            ("--test", _round.TrainOf(0), "is not the held-out file"), ("--key", _round.PathOf("stranger.pem"), nameof(RoundFault.NotAnOwner)),
            ("--key", _round.PathOf("none.pem"), "there is no such file"), ("--key", _round.Round, nameof(RoundFault.NotAnOwner)),
            ("--key", large, "more than 65536 bytes"),
            ("--coordinator", stopped, nameof(RoundFault.CoordinatorLost)), ("--ca", _round.Round, "authority"),
            ("--output", _round.TrainOf(0), "would be replaced"),
        ];

        foreach ((string option, string value, string word) in cases)
        {
            string[] changed = [.. join];
            changed[Array.IndexOf(changed, option) + 1] = value;
            RelayCommandRun run = await RelayCommandRun.RunAsync(changed);
            Assert.Equal(CommandLine.Failed, run.Code);
            Assert.Contains(word, run.Error, StringComparison.Ordinal);
        }

        Assert.False(coordinator.Said("joined"));
    }

    [Fact]
    public async Task Coordinate_CommandWithoutOwners_EndsAfterItsTimeAndNamesThem()
    {
        Assert.Equal(0, (await _round.PlanAsync(options: ["--join-seconds", "1"])).Code);

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "federate", "coordinate", _round.Round, "--port", "0", "--data", _round.PathOf("data"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("Listening on https://", run.Output, StringComparison.Ordinal);
        Assert.Contains("TimedOut: owner-0, owner-1, owner-2 sent nothing", run.Error, StringComparison.Ordinal);
        Assert.Equal(["lock", "tls"], Directory.GetFileSystemEntries(_round.PathOf("data")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Coordinate_FolderOfAnotherProcess_IsRefused()
    {
        Assert.Equal(0, (await _round.PlanAsync()).Code);
        using FileLock held = DataFolder.CreateForTls(_round.PathOf("data")).AcquireLock();

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "federate", "coordinate", _round.Round, "--port", "0", "--data", _round.PathOf("data"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("Another relay works in", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coordinate_CertificateKeyWithoutCertificate_IsRefused()
    {
        Assert.Equal(0, (await _round.PlanAsync()).Code);

        Assert.Equal(CommandLine.Failed, (await RelayCommandRun.RunAsync(
            "federate", "coordinate", _round.Round, "--certificate-key", _round.PathOf("owner-0.pem"))).Code);
    }
}
