using Microsoft.Extensions.DependencyInjection;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Client.Pools;

namespace Sync.Client.Tests.Pools;

/// <summary>What an app that comes from ML.NET's PredictionEnginePool writes.</summary>
public sealed class RelayPoolTests : IAsyncLifetime
{
    private readonly ServiceCollection _services = [];
    private NodeFixture _fixture = null!;

    private sealed record Row(float F0, double F1, float? F2, float F3);

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];

        public float Probability { get; set; }

        public int Version { get; set; }
    }

    private sealed class Flag
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Number
    {
        public float Score { get; set; }
    }

    private sealed class Wrong
    {
        public DateTime PredictedLabel { get; set; }
    }

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        _services.AddLogging();
        _services.AddSingleton<TimeProvider>(_fixture.Clock);
        _services.AddRelaySync(o =>
        {
            (o.Relay, o.TlsRoot, o.TrustedRoot) = (_fixture.Options.Relay, _fixture.Options.TlsRoot, _fixture.Options.TrustedRoot);
            (o.StoreFolder, o.NodeId) = (_fixture.Options.StoreFolder, "node-1");
            o.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        });
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Predict_Classifier_FillsTheOutputsOfMlNet()
    {
        TestModel model = TestModel.Create();
        await _fixture.PublishAsync(model);
        _services.AddRelayPool<Row, Answer>().FromRelay("threat-classifier").FromRelay("threat-classifier", "again");
        _services.AddRelayPool<Row, Flag>().FromRelay("threat-classifier");
        await using ServiceProvider provider = _services.BuildServiceProvider();
        SyncClient node = provider.GetRequiredService<SyncClient>();
        RelayPool<Row, Answer> pool = provider.GetRequiredService<RelayPool<Row, Answer>>();
        float[] n = [1f, 2f, 3f, 4f];
        Assert.Equal(
            RelayModelFault.NotReady, Assert.Throws<RelayModelException>(() => pool.Predict(new(n[0], n[1], n[2], n[3]))).Fault);

        await node.RefreshAsync();
        Answer answer = pool.Predict(new(n[0], n[1], n[2], n[3]));

        float[] probabilities = new float[3];
        Prediction expected = node.Models.Single().Predict(n, probabilities);
        Assert.Equal((expected.Label, expected.Probability, 1), (answer.PredictedLabel, answer.Probability, answer.Version));
        Assert.Equal(probabilities, answer.Score);
        Assert.Equal(answer.Score, pool.Predict("again", new(n[0], n[1], n[2], n[3])).Score);
        Assert.Throws<ArgumentException>(() => pool.Predict("unknown", new(0, 0, 0, 0)));
        Assert.Equal(
            !expected.IsBenign, provider.GetRequiredService<RelayPool<Row, Flag>>().Predict(new(n[0], n[1], n[2], n[3])).PredictedLabel);
    }

    [Fact]
    public async Task Predict_OutputThatTheModelDoesNotHave_SaysWhatToWrite()
    {
        await _fixture.PublishAsync(TestModel.Create());
        _services.AddRelayPool<Row, Number>().FromRelay("threat-classifier");
        _services.AddRelayPool<Row, Wrong>().FromRelay("threat-classifier");
        await using ServiceProvider provider = _services.BuildServiceProvider();
        await provider.GetRequiredService<SyncClient>().RefreshAsync();

        RelayModelException fault = Assert.Throws<RelayModelException>(
            () => provider.GetRequiredService<RelayPool<Row, Number>>().Predict(new(0, 0, 0, 0)));
        ArgumentException wrong = Assert.Throws<ArgumentException>(() => provider.GetRequiredService<RelayPool<Row, Wrong>>());

        Assert.Equal(RelayModelFault.WrongOutput, fault.Fault);
        Assert.Contains("float[]", fault.Message, StringComparison.Ordinal);
        Assert.Contains("a string, a bool or a uint", wrong.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _services.AddRelayPool<Row, Answer>().FromRelay("m").FromRelay("m"));
    }

    [Theory]
    [InlineData(false, 0.9f)]
    [InlineData(true, 0.1f)]
    public void Write_TwoClasses_ProbabilityIsThatOfTheOneThatIsNotBenign(bool isBenignFirst, float expected)
    {
        ModelSchema schema = new([], ["a", "b"], isBenignFirst ? "a" : "b");
        Flag flag = new();

        new PredictionOutputs<Flag>().Write(flag, new Prediction("a", 0, 0.9f, 1, "", isBenignFirst), schema, [0.9f, 0.1f]);

        Assert.Equal((!isBenignFirst, expected), (flag.PredictedLabel, flag.Probability));
    }
}
