using Microsoft.Extensions.DependencyInjection;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests;

/// <summary>Typed rows from the registration to the answer, over a real relay: rows that generated code reads, and those bound by
/// reflection.</summary>
public sealed partial class RelayModelOfRowsTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    [RelayRow]
    private sealed partial record FourNumbers(float F0, double F1, float? F2, float F3);

    [RelayRow]
    private sealed partial record Mixed(string F0, string? F1, float F2);

    [RelayRow]
    private readonly partial record struct ThreeNumbers(float F0, float F1, float F2);

    public async ValueTask InitializeAsync() => _fixture = await NodeFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_RowOfNumbers_GivesTheAnswerOfSpans(bool isGenerated)
    {
        TestModel model = TestModel.Create();
        using SyncClient node = await OpenAsync<FourNumbers>(model, isGenerated);
        IRelayModel<FourNumbers> typed = node.Model<FourNumbers>();
        float[] expected = new float[3];
        float[] probabilities = new float[3];

        for (int row = 0; row < model.Golden.Labels.Count; row++)
        {
            float[] n = model.NumbersOf(row);
            Prediction answer = typed.Predict(new(n[0], n[1], float.IsNaN(n[2]) ? null : n[2], n[3]), probabilities);

            Assert.Equal(typed.Untyped.Predict(n, expected), answer);
            Assert.Equal(expected, probabilities);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PredictBatch_RowsWithCategories_GivesTheAnswersOfSingleCalls(bool isGenerated)
    {
        TestModel model = TestModel.Create(numbers: 1, categories: 2);
        using SyncClient node = await OpenAsync<Mixed>(model, isGenerated);
        IRelayModel<Mixed> typed = node.Model<Mixed>("threat-classifier");
        Mixed[] rows = [.. Enumerable.Range(0, 150).Select(i => i % model.Golden.Labels.Count)
            .Select(r => new Mixed(model.CategoriesOf(r)[0], model.CategoriesOf(r)[1], model.NumbersOf(r)[0]))];
        Prediction[] answers = new Prediction[rows.Length];
        float[] probabilities = new float[rows.Length * 3];

        typed.PredictBatch(rows, answers, probabilities);

        float[] single = new float[3];
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(typed.Predict(rows[i], single), answers[i]);
            Assert.Equal(single, probabilities.AsSpan(i * 3, 3).ToArray());
        }

        RelayModelException refused = Assert.Throws<RelayModelException>(() => typed.PredictBatch(rows, new Prediction[149]));
        Assert.Equal(RelayModelFault.WrongOutput, refused.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_RowThatIsNull_IsRefusedAndCounted(bool isGenerated)
    {
        using SyncClient node = await OpenAsync<FourNumbers>(TestModel.Create(), isGenerated);
        IRelayModel<FourNumbers> typed = node.Model<FourNumbers>();

        RelayModelException refused = Assert.Throws<RelayModelException>(() => typed.Predict(null!));
        Assert.Throws<RelayModelException>(() => typed.PredictBatch([null!], new Prediction[1]));

        Assert.Equal(RelayModelFault.WrongType, refused.Fault);
        Assert.Equal(2, node.Status.Models.Single().CallerFaults);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_RowsOfNumbers_AllocatesNothing(bool isGenerated)
    {
        using SyncClient node = await OpenAsync<FourNumbers>(TestModel.Create(), isGenerated);
        IRelayModel<FourNumbers> typed = node.Model<FourNumbers>();
        FourNumbers row = new(1, 2, 3, 4);
        float[] probabilities = new float[3];

        // One call in 64 is timed, and the first of these makes the table of latencies for the whole process.
        for (int i = 0; i < 100; i++)
        {
            typed.Predict(row, probabilities);
        }

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                typed.Predict(row, probabilities);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RefreshAsync_VersionThatTheRowTypeDoesNotFit_IsRefusedAndTheOneBeforeAnswers(bool isGenerated)
    {
        using SyncClient node = await OpenAsync<ThreeNumbers>(TestModel.Create(version: 1, numbers: 3), isGenerated);
        await _fixture.PublishAsync(TestModel.Create(version: 2, numbers: 4));

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.SchemaMismatch, result.Refusal?.Reason);
        Assert.Equal(1, node.Model<ThreeNumbers>().Predict(new(1, 2, 3)).Version);
        Assert.Empty(node.Status.Quarantine);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Explain_TypedRow_TellsOfEachInputWhereTheNodeKeepsExplanations(bool keeps)
    {
        _fixture.Options.Explanations = keeps;
        using SyncClient node = await OpenAsync<FourNumbers>(TestModel.Create());
        FourNumbers row = new(0.1f, 0.2, 0.3f, 0.4f);
        IRelayModel<FourNumbers> model = node.Model<FourNumbers>();

        if (keeps)
        {
            Explanation found = model.Explain(row);
            Assert.Equal((model.Predict(row).Label, 4), (found.Label, found.Contributions.Count));
        }
        else
        {
            RelayModelException refused = Assert.Throws<RelayModelException>(() => model.Explain(row));
            Assert.Equal(RelayModelFault.NotExplainable, refused.Fault);
            Assert.Contains(nameof(RelaySyncOptions.Explanations), refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AddModel_Host_GivesTypedModelsByTypeAndByName()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddRelaySync(o =>
        {
            o.Relay = _fixture.Options.Relay;
            o.TrustedRoot = _fixture.Options.TrustedRoot;
            o.StoreFolder = _fixture.Options.StoreFolder;
            o.AddModel<FourNumbers>("first");
            o.AddModel<ThreeNumbers>("second");
            o.AddModel<ThreeNumbers>("third");
        });
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal("first", provider.GetRequiredService<IRelayModel<FourNumbers>>().Untyped.Name);
        Assert.Equal("third", provider.GetRequiredKeyedService<IRelayModel<ThreeNumbers>>("third").Untyped.Name);
        Assert.Throws<ArgumentException>(() => provider.GetRequiredService<IRelayModel<ThreeNumbers>>());
        Assert.Throws<ArgumentException>(() => provider.GetRequiredService<IRelayModel<Mixed>>());
    }

    private async Task<SyncClient> OpenAsync<TRow>(TestModel model, bool isGenerated = true)
        where TRow : IRelayRow<TRow>
    {
        if (isGenerated)
        {
            _fixture.Options.AddModel<TRow>("threat-classifier");
        }
        else
        {
            RelayReflectedRows.AddModel<TRow>(_fixture.Options, "threat-classifier");
        }

        await _fixture.PublishAsync(model);
        SyncClient node = _fixture.OpenNode();
        Assert.True((await node.RefreshAsync()).Activated);
        return node;
    }
}
