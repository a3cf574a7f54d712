using System.Runtime.InteropServices;
using Relay.TestKit;
using Shared.Contracts.Onnx;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Tests.Foreign;

/// <summary>Forests that scikit-learn and XGBoost trained, written by Debian's python3-onnx. Skipped where one of them is
/// missing.</summary>
public sealed class ForeignForestTests(ForeignForests forests) : IClassFixture<ForeignForests>
{
    private const int Width = 8;

    [Theory]
    [InlineData("sklearn-forest")]
    [InlineData("sklearn-boosted")]
    [InlineData("sklearn-extra")]
    [InlineData("sklearn-isolation")]
    [InlineData("xgboost-many")]
    [InlineData("xgboost-two")]
    public void Run_ForestsOfOthers_SameBitsAsOnnxRuntimeAndNearTheLibrary(string name)
    {
        string folder = forests.Folder;
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, $"{name}.onnx")));
        float[] numbers = Read(Path.Combine(folder, "rows.f32"));
        TestRows trained = new(numbers.Length / Width, numbers, []);
        float[] expected = Read(Path.Combine(folder, $"{name}.f32"));

        SameBits.AssertEqual(model, "y", trained);
        SameBits.AssertEqual(model, "y", TestRows.Make(1, 400, Width));
        SameBits.AssertEqual(model, "y", TestRows.Spread(1, 2000, Width, 3));

        // Not to the bit: the libraries add up in float64, or in another order.
        Assert.Null(SameBits.TryCompile(model, "y", out GraphPlan? plan));
        float[] scores = new float[trained.Count * plan!.Output.Width];
        plan.Run(trained.Numbers, [], trained.Count, scores);
        Assert.Equal(expected.Length, scores.Length);
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static float[] Read(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
}

/// <summary>Runs the script once for all tests.</summary>
public sealed class ForeignForests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TemporaryFolder _folder = new();
    private readonly CommandRun? _run;

    public ForeignForests()
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Foreign", "export_forests.py");
        _run = CommandRun.TryAsync(Python, [script, _folder.FullPath]).GetAwaiter().GetResult();
    }

    /// <summary>Where the models are; skips the test where they cannot be made.</summary>
    public string Folder
    {
        get
        {
            Assert.SkipWhen(_run is null || _run.Errors.Contains("ModuleNotFoundError"), "python3 with onnx, sklearn and xgboost is not installed");
            Assert.True(_run.ExitCode == 0, _run.Errors);
            return _folder.FullPath;
        }
    }

    public void Dispose() => _folder.Dispose();
}
