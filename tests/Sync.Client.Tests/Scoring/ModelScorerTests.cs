using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Shared.Scoring;
using Shared.Scoring.Compilation;
using Sync.Client.OnnxRuntime;
using Sync.Client.Scoring;

namespace Sync.Client.Tests.Scoring;

/// <summary>What every scorer keeps, whatever runs the model.</summary>
public abstract class ModelScorerTests(ScorerKind kind)
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(3, 2)]
    public void Predict_GoldenRows_GivesTheSignedBits(int numbers, int categories)
    {
        TestModel model = TestModel.Create(numbers: numbers, categories: categories);
        ModelScorer scorer = Load(model);
        float[] probabilities = new float[3];

        for (int row = 0; row < model.Golden.Labels.Count; row++)
        {
            Prediction answer = scorer.Answer(scorer.Classes, model.NumbersOf(row), model.CategoriesOf(row), probabilities);

            Assert.Null(GoldenComparison.Compare(model.Golden, row, answer.Label, probabilities));
            Assert.Equal(probabilities[answer.LabelIndex], answer.Probability);
            Assert.Equal((1, model.Sha256, kind), (answer.Version, answer.Sha256, answer.Scorer));
            Assert.Equal(answer.Label == "safe", answer.IsBenign);
        }

        scorer.Retire();
    }

    [Theory]
    [InlineData(4, 0, 1)]
    [InlineData(4, 0, 349)]
    [InlineData(3, 2, 87)]
    public void PredictBatch_AnyNumberOfRows_GivesTheBitsOfSingleCalls(int numbers, int categories, int rows)
    {
        TestModel model = TestModel.Create(numbers: numbers, categories: categories);
        ModelScorer scorer = Load(model);
        int[] picks = [.. Enumerable.Range(0, rows).Select(r => r % model.Golden.Labels.Count)];
        Prediction[] answers = new Prediction[rows];
        float[] probabilities = new float[rows * 3];

        scorer.Answer(
            scorer.Classes, [.. picks.SelectMany(model.NumbersOf)], [.. picks.SelectMany(model.CategoriesOf)], answers, probabilities);

        for (int r = 0; r < rows; r++)
        {
            Assert.Null(GoldenComparison.Compare(model.Golden, picks[r], answers[r].Label, probabilities.AsSpan(r * 3, 3)));
        }

        scorer.Retire();
    }

    [Fact]
    public void Predict_UnknownCategory_CountsAsMissing()
    {
        TestModel model = TestModel.Create(numbers: 1, categories: 2, trees: 60);
        ModelScorer scorer = Load(model);
        float[] unknown = new float[3];
        float[] missing = new float[3];

        scorer.Answer(scorer.Classes, [0.5f], ["never seen", "tcp"], unknown);
        scorer.Answer(scorer.Classes, [0.5f], ["", "tcp"], missing);

        Assert.Equal(missing, unknown);
        scorer.Retire();
    }

    [Theory]
    [InlineData(3, 0, 3, RelayModelFault.WrongWidth)]
    [InlineData(5, 0, 3, RelayModelFault.WrongWidth)]
    [InlineData(0, 0, 3, RelayModelFault.WrongWidth)]
    [InlineData(4, 1, 3, RelayModelFault.WrongType)]
    [InlineData(4, 0, 2, RelayModelFault.WrongOutput)]
    public void Predict_RowThatDoesNotFit_IsRefusedByType(int numbers, int categories, int places, RelayModelFault fault)
    {
        ModelScorer scorer = Load(TestModel.Create());

        RelayModelException refused = Assert.Throws<RelayModelException>(() => scorer.Answer(scorer.Classes,
            new float[numbers], [.. Enumerable.Repeat("tcp", categories)], new float[places]));

        Assert.Equal(fault, refused.Fault);
        scorer.Retire();
    }

    [Fact]
    public void Predict_RequiredInputMissing_IsRefusedByNameAndOtherInputsMayLack()
    {
        TestModel model = TestModel.Create(numbers: 3, categories: 2);
        ColumnSpec[] inputs = [.. model.Schema.Inputs];
        (int number, int category) = (Array.FindLastIndex(inputs, i => i.Type is ColumnType.Number), Array.FindIndex(
            inputs, i => i.Type is ColumnType.Category));
        (inputs[number], inputs[category]) = (inputs[number] with { Required = true }, inputs[category] with { Required = true });
        ModelScorer scorer = new(LoadRows(model), new ActiveModelVersion("m", 1, model.Sha256, model.Schema with { Inputs = inputs }));

        scorer.Answer(scorer.Classes, [float.NaN, float.NaN, 1], ["never seen", ""], new float[3]);
        RelayModelException lacksNumber = Assert.Throws<RelayModelException>(
            () => scorer.Answer(scorer.Classes, [1, 1, float.NaN], ["tcp", "tcp"], new float[3]));
        RelayModelException lacksText = Assert.Throws<RelayModelException>(
            () => scorer.Answer(scorer.Classes, [1, 1, 1, 1, 1, 1], ["tcp", "tcp", "", "tcp"], new Prediction[2], []));

        Assert.Equal((RelayModelFault.MissingValue, RelayModelFault.MissingValue), (lacksNumber.Fault, lacksText.Fault));
        Assert.Contains($"'{inputs[number].Name}', which row 0", lacksNumber.Message, StringComparison.Ordinal);
        Assert.Contains($"'{inputs[category].Name}', which row 1", lacksText.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (scorer.Predictions, scorer.Failures));
        scorer.Retire();
    }

    [Fact]
    public void Predict_NumbersOnlyForAModelWithCategories_IsRefusedAsWrongType()
    {
        ModelScorer scorer = Load(TestModel.Create(numbers: 3, categories: 1));

        RelayModelException refused = Assert.Throws<RelayModelException>(() => scorer.Answer(scorer.Classes, new float[4], [], []));

        Assert.Equal(RelayModelFault.WrongType, refused.Fault);
        scorer.Retire();
    }

    [Fact]
    public void Predict_AllNumericModel_AllocatesNothing()
    {
        TestModel model = TestModel.Create();
        ModelScorer scorer = Load(model);
        float[] row = model.NumbersOf(0);
        float[] probabilities = new float[3];
        scorer.Answer(scorer.Classes, row, [], probabilities);

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                scorer.Answer(scorer.Classes, row, [], probabilities);
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(1 + (1000 * Allocations.Rounds), scorer.Predictions);
        scorer.Retire();
    }

    [Fact]
    public void Predict_MoreThreadsThanSlots_EachGetsItsOwnAnswer()
    {
        TestModel model = TestModel.Create();
        ModelScorer scorer = Load(model);

        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, i =>
        {
            int row = i % model.Golden.Labels.Count;
            float[] probabilities = new float[3];
            Prediction answer = scorer.Answer(scorer.Classes, model.NumbersOf(row), [], probabilities);
            Assert.Null(GoldenComparison.Compare(model.Golden, row, answer.Label, probabilities));
        });

        Assert.Equal(4000, scorer.Predictions);
        scorer.Retire();
    }

    private ModelScorer Load(TestModel model) => new(
        LoadRows(model), new ActiveModelVersion(model.Description.Name, model.Description.Version, model.Sha256, model.Schema));

    private IRowScorer LoadRows(TestModel model)
    {
        if (kind is ScorerKind.OnnxRuntime)
        {
            return OnnxScorer.Load(model.Onnx, model.Schema);
        }

        Assert.Null(ManagedScorer.Load(
            model.Onnx, model.Schema, SampleRows.FromGolden(model.Golden), TimeSpan.FromMilliseconds(20), out ManagedScorer? scorer,
            CancellationToken.None));
        return scorer!;
    }
}
