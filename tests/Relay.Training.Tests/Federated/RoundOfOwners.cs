using System.Text;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Federated;

namespace Relay.Training.Tests.Federated;

/// <summary>A round whose owners are threads of this process, and whose coordinator may do anything.</summary>
internal sealed class RoundOfOwners : IDisposable
{
    public const string Spec = """
        { "name": "traffic", "task": "classification", "algorithm": "random-forest",
          "columns": [ { "name": "bytes", "type": "number" }, { "name": "verdict", "type": "label" } ] }
        """;

    public RoundOfOwners(int owners = 3)
    {
        Keys = [.. Enumerable.Range(0, owners).Select(_ => OwnerKey.Create())];
        Round = RoundDocument.Parse(Plan.Write());
    }

    public OwnerKey[] Keys { get; }

    public RoundDocument Round { get; }

    public RoundPlan Plan => new(
        Encoding.UTF8.GetBytes(Spec), new string('0', 64), [.. Keys.Select((key, i) => new RoundOwner($"owner-{i}", key.PublicKey))],
        new ShardAgreement(["bad", "good"], new Dictionary<string, IReadOnlyList<string>>(), MinimumRows: 10));

    public void Dispose() => Array.ForEach(Keys, key => key.Dispose());

    /// <summary>Runs the work of each owner.</summary>
    /// <param name="alter">What the coordinator brings to an owner at a step, instead of all messages; null: those.</param>
    public T[] Run<T>(Func<FederatedShardGroup, T> work, Alter? alter = null) => ShardThreads.Run(Keys.Length, open =>
    {
        Transport transport = new(open, alter);
        using FederatedShardGroup group = FederatedShardGroup.Join(Round, Keys[open.Rank], transport, TestContext.Current.CancellationToken);
        return work(group);
    });

    /// <returns>Why the round ended for the first owner that found out.</returns>
    public RoundFault RunToEnd(Alter alter, Action<FederatedShardGroup>? work = null) => Assert.Throws<RoundException>(() => Run(
        group =>
        {
            (work ?? SumThrice)(group);
            return 0;
        }, alter)).Fault;

    private static void SumThrice(FederatedShardGroup group)
    {
        for (int i = 0; i < 3; i++)
        {
            group.Sum([1, 2, 3]);
        }
    }

    /// <param name="receiver">The owner that the messages go to.</param>
    /// <param name="step">From 0: greetings, the group's key, and then sums.</param>
    internal delegate byte[][] Alter(int receiver, int step, byte[][] all);

    private sealed class Transport(IShardGroup open, Alter? alter) : IRoundTransport
    {
        private int _step;

        public byte[][] Exchange(byte[] message, CancellationToken cancellationToken)
        {
            byte[][] all = open.Gather(message);
            return alter?.Invoke(open.Rank, _step++, [.. all.Select(m => m.ToArray())]) ?? all;
        }
    }
}
