using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Client.Runtime;

namespace Sync.Client.Tests.Runtime;

public sealed class ModelScorerTests
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
            Assert.Equal((1, model.Sha256), (answer.Version, answer.Sha256));
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

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            scorer.Answer(scorer.Classes, row, [], probabilities);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001, scorer.Predictions);
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

    private static ModelScorer Load(TestModel model) => ModelScorer.Load(
        model.Onnx, new ActiveModelVersion(model.Description.Name, model.Description.Version, model.Sha256, model.Schema));
}
