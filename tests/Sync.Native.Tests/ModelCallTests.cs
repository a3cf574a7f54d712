using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>Calls of models, through the pointers that C has, on files that the caller chose.</summary>
public sealed unsafe class ModelCallTests : LoadedModels
{
    [Fact]
    public void Predict_GoldenRowsWithCategories_AreTheSignedBits()
    {
        TestModel model = TestModel.Create(version: 3, numbers: 3, categories: 2);
        ulong handle = Load(model);
        float[] probabilities = new float[model.Schema.Classes.Count];
        for (int row = 0; row < model.Golden.Rows; row++)
        {
            float[] numbers = [.. model.Golden.Numbers[row].Select(n => n ?? float.NaN)];
            string[] categories = [.. model.Golden.Categories[row]];

            Assert.Equal(NativeStatus.Ok, NativeApi.Predict(handle, numbers, categories, out NativePrediction answer, probabilities));

            int label = Array.IndexOf(probabilities, probabilities.Max());
            Assert.Equal(model.Golden.OutputBits[row], probabilities.Select(BitConverter.SingleToUInt32Bits));
            Assert.Equal((model.Schema.Classes[label], label, 3), (NativeApi.Text(answer.Label), answer.LabelIndex, answer.Version));
            Assert.Equal(model.Sha256, NativeApi.Text(answer.Sha256));
            Assert.Equal(probabilities[label], answer.Probability);
        }
    }

    [Fact]
    public void PredictMany_AndSingleRows_AreTheSameBits()
    {
        const int Rows = 300;
        ulong handle = Load(TestModel.Create());
        float[] rows = RowsOf(Rows, width: 4);
        NativePrediction[] many = new NativePrediction[Rows];
        float[] probabilities = new float[Rows * 3];
        fixed (float* numbers = rows)
        fixed (NativePrediction* answers = many)
        fixed (float* places = probabilities)
        {
            NativeStatus status = ((delegate* unmanaged[Cdecl]<
                ulong, nuint, float*, nuint, byte**, nuint, NativePrediction*, float*, nuint, NativeStatus>)&ScoringExports.PredictMany)(
                handle, Rows, numbers, Rows * 4, null, 0, answers, places, Rows * 3);
            Assert.Equal(NativeStatus.Ok, status);
        }

        float[] single = new float[3];
        for (int row = 0; row < Rows; row++)
        {
            NativeApi.Predict(handle, rows.AsSpan(row * 4, 4), [], out NativePrediction answer, single);
            Assert.Equal(single, probabilities.AsSpan(row * 3, 3).ToArray());
            Assert.Equal((answer.LabelIndex, answer.Probability), (many[row].LabelIndex, many[row].Probability));
        }
    }

    [Theory]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    public void ScoreAndValue_OfTheirTask_AreTheGoldenOutput(ModelTask task)
    {
        TestModel model = TestModel.ForTask(task);
        ulong handle = Load(model);
        float[] row = [.. model.Golden.Numbers[0].Select(n => n ?? float.NaN)];
        float expected = BitConverter.UInt32BitsToSingle(model.Golden.OutputBits[0][0]);
        NativeScore score;
        NativeValue value;
        fixed (float* numbers = row)
        {
            NativeStatus scored = ((delegate* unmanaged[Cdecl]<ulong, float*, nuint, byte**, nuint, NativeScore*, NativeStatus>)
                &ScoringExports.ScoreRow)(handle, numbers, 4, null, 0, &score);
            NativeStatus valued = ((delegate* unmanaged[Cdecl]<ulong, float*, nuint, byte**, nuint, NativeValue*, NativeStatus>)
                &ScoringExports.ValueRow)(handle, numbers, 4, null, 0, &value);
            Assert.Equal(task is ModelTask.Regression ? (NativeStatus.WrongTask, NativeStatus.Ok) : (NativeStatus.Ok, NativeStatus.WrongTask),
                (scored, valued));
        }

        Assert.Equal(expected, task is ModelTask.Regression ? value.Value : score.Score);
        Assert.Equal(model.Sha256, NativeApi.Text(task is ModelTask.Regression ? value.Sha256 : score.Sha256));
        if (task is ModelTask.AnomalyDetection)
        {
            Assert.Equal((expected < -0.25f ? 1 : 0, expected < -0.25f ? "anomaly" : "normal"), (score.IsAnomaly, NativeApi.Text(score.Label)));
        }

        Assert.Equal(NativeStatus.WrongTask, NativeApi.Predict(handle, row, [], out _, []));
        Assert.Contains(task is ModelTask.Regression ? "relaysync_value_row" : "relaysync_score_row", NativeApi.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_SumsUpToTheScore()
    {
        TestModel model = TestModel.Create(numbers: 3, categories: 1);
        ulong handle = Load(model);
        using NativeArguments arguments = new();
        NativeExplanation explanation;
        double[] contributions = new double[4];
        fixed (float* numbers = (float[])[0.1f, 0.2f, 0.3f])
        fixed (double* places = contributions)
        {
            byte** categories = arguments.AddAll(["udp"]);
            Assert.Equal(NativeStatus.Ok, ((delegate* unmanaged[Cdecl]<
                ulong, float*, nuint, byte**, nuint, NativeExplanation*, double*, nuint, NativeStatus>)&ScoringExports.Explain)(
                handle, numbers, 3, categories, 1, &explanation, places, 4));
            Assert.Equal(NativeStatus.WrongOutput, ((delegate* unmanaged[Cdecl]<
                ulong, float*, nuint, byte**, nuint, NativeExplanation*, double*, nuint, NativeStatus>)&ScoringExports.Explain)(
                handle, numbers, 3, categories, 1, &explanation, places, 3));
        }

        Assert.Equal(explanation.Score, explanation.Baseline + contributions.Sum(), 1e-4);
        Assert.Contains(NativeApi.Text(explanation.Label), model.Schema.Classes);
        Assert.Equal(model.Sha256, NativeApi.Text(explanation.Sha256));
    }

    [Fact]
    public void Schema_OfAModel_NamesInputsAndClasses()
    {
        TestModel model = TestModel.Create(numbers: 2, categories: 1, version: 7);
        ulong handle = Load(model);
        NativeSchema schema;

        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.Describe(handle, &schema, sizeof(NativeSchema) - 1));
        Assert.Equal(NativeStatus.Ok, NativeApi.Describe(handle, &schema, sizeof(NativeSchema)));

        Assert.Equal((model.Description.Name, model.Sha256, model.Description.SchemaHash, 7),
            (NativeApi.Text(schema.Name), NativeApi.Text(schema.Sha256), NativeApi.Text(schema.SchemaHash), schema.Version));
        Assert.Equal((3u, 2u, 1u, 3u), ((uint)schema.InputCount, (uint)schema.NumberCount, (uint)schema.CategoryCount, (uint)schema.ClassCount));
        Assert.Equal(("f0", 1), (NativeApi.Text(schema.Inputs[0].Name), schema.Inputs[0].Type));
        Assert.Equal(("f1", 0), (NativeApi.Text(schema.Inputs[1].Name), schema.Inputs[1].Type));
        Assert.Equal("ddos", NativeApi.Text(schema.Classes[2]));
        Assert.Equal((IndexOfBenign(model), 0u), (schema.Benign, schema.HasOffset));
    }

    private static int IndexOfBenign(TestModel model) => model.Schema.Benign is { } benign ? model.Schema.Classes.ToList().IndexOf(benign) : -1;

    private static float[] RowsOf(int rows, int width)
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, rows * width).Select(_ => random.NextSingle())];
    }
}
