using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Scoring.Compilation;
using Sync.Client;
using Sync.Client.Scoring;

namespace Shared.Scoring.Tests;

public sealed class AllocationTests
{
    private const int Calls = 2000;

    [Theory]
    [InlineData(4, 0)]
    [InlineData(3, 2)]
    [InlineData(300, 0)]
    public void Answer_OneRowAndBatch_AllocatesNothing(int numbers, int categories)
    {
        TestModel model = TestModel.Create(numbers: numbers, categories: categories, trees: 60, depth: 4);
        Assert.Null(ManagedScorer.Load(
            model.Onnx, model.Schema, SampleRows.FromGolden(model.Golden), TimeSpan.FromMilliseconds(20), out ManagedScorer? managed,
            CancellationToken.None));
        ModelScorer scorer = new(managed!, new ActiveModelVersion("x", 1, "x", model.Schema));
        float[] row = model.NumbersOf(0);
        string[] texts = model.CategoriesOf(0);
        float[] rows = [.. Enumerable.Repeat(row, 100).SelectMany(r => r)];
        string[] rowTexts = [.. Enumerable.Repeat(texts, 100).SelectMany(r => r)];
        Prediction[] answers = new Prediction[100];
        float[] outputs = new float[3];

        Run();

        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            for (int i = 0; i < Calls; i++)
            {
                scorer.Answer(scorer.Classes, row, texts, outputs);
            }

            for (int i = 0; i < Calls / 100; i++)
            {
                scorer.Answer(scorer.Classes, rows, rowTexts, answers, []);
            }
        }
    }
}
