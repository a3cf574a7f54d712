using System.Text;
using Relay.Server.Federation;
using Relay.TestKit;
using Relay.Training.Data.Reading;
using Relay.Training.Federated;

namespace Relay.Server.Tests.Federation;

/// <summary>How a coordinator says that a round ended.</summary>
public sealed class RoundBoardTests : IDisposable
{
    private const int Owners = 3;
    private const string Spec = """
        { "name": "traffic", "task": "classification", "algorithm": "random-forest",
          "columns": [ { "name": "bytes", "type": "number" }, { "name": "verdict", "type": "label" } ] }
        """;

    private readonly OwnerKey[] _keys = [.. Enumerable.Range(0, Owners).Select(_ => OwnerKey.Create())];
    private readonly ManualTime _time = new();
    private readonly RoundDocument _round;

    public RoundBoardTests() => _round = RoundDocument.Parse(new RoundPlan(
        Encoding.UTF8.GetBytes(Spec), new string('0', 64), [.. _keys.Select((key, i) => new RoundOwner($"owner-{i}", key.PublicKey))],
        new ShardAgreement(["bad", "good"], new Dictionary<string, IReadOnlyList<string>>(), MinimumRows: 10)).Write());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Array.ForEach(_keys, key => key.Dispose());

    [Fact]
    public async Task Exchange_AllHaveOneModel_EndsWithoutAFault() =>
        Assert.Null((await EndAsync(_ => MessageKind.Done, _ => 1, _ => 1)).Fault);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Exchange_OneHasAnotherModel_ModelsDiffer(int other) =>
        Assert.Equal(RoundFault.ModelsDiffer, (await EndAsync(_ => MessageKind.Done, _ => 1, owner => (byte)(owner == other ? 2 : 1))).Fault);

    /// <summary>Whichever message comes last.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Exchange_OneGoesOn_WrongStep(int other) => Assert.Equal(
        RoundFault.WrongStep, (await EndAsync(owner => owner == other ? MessageKind.Sum : MessageKind.Done, _ => 1, _ => 1)).Fault);

    [Fact]
    [Trait("Attack", "two-sums")]
    public async Task Exchange_OneReceivedOtherMessages_TranscriptsDiffer() =>
        Assert.Equal(RoundFault.TranscriptsDiffer, (await EndAsync(_ => MessageKind.Done, owner => (byte)(owner == 1 ? 2 : 1), _ => 1)).Fault);

    /// <summary>The last message comes when the time of its step has run out, but the end of the round is not decided.</summary>
    [Fact]
    public async Task Exchange_LastMessageBesideTheEndOfItsTime_RoundGoesOn()
    {
        Task? late = null;
        using RoundBoard board = new(_round, _time, _ =>
        {
            late = Task.Run(() => _time.Advance(_round.JoinTime), Cancellation);
            SpinWait.SpinUntil(() => _time.Waiting == 0, TimeSpan.FromSeconds(10));
        });
        board.Open();

        await SubmitAsync(board, _ => MessageKind.Hello, _ => 1, _ => 1);
        await late!;
        Assert.False(board.Ended.IsCompleted);
        _time.Advance(_round.StepTime);

        Assert.Equal(RoundFault.TimedOut, (await board.Ended).Fault);
    }

    private async Task<RoundEnd> EndAsync(Func<int, MessageKind> kind, Func<int, byte> transcript, Func<int, byte> model)
    {
        using RoundBoard board = new(_round, _time, _ => { });
        byte[]?[][] received = [.. (await SubmitAsync(board, kind, transcript, model))!];

        Assert.All(received, all => Assert.Equal(Owners, all.Length));
        return await board.Ended.WaitAsync(Cancellation);
    }

    private Task<byte[][]?[]> SubmitAsync(RoundBoard board, Func<int, MessageKind> kind, Func<int, byte> transcript, Func<int, byte> payload) =>
        Task.WhenAll(_keys.Select((key, owner) =>
        {
            byte[] history = [.. Enumerable.Repeat(transcript(owner), 32)];
            RoundMessage message = new(kind(owner), owner, 0, _round.Digest, history, new[] { payload(owner) });
            return board.ExchangeAsync(message, message.ToBytes(key), Cancellation);
        }));
}
