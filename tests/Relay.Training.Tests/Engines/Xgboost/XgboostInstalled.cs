using System.Runtime.InteropServices;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Xgboost;

namespace Relay.Training.Tests.Engines.Xgboost;

/// <summary>The library of this machine, where there is one.</summary>
internal static unsafe partial class XgboostInstalled
{
    public static void OrSkip() => Assert.SkipUnless(XgboostLibrary.IsPresent, "libxgboost is missing: apt-get install libxgboost0");

    /// <summary>What the library itself predicts.</summary>
    public static float[] Predict(XgboostBooster booster, TrainingSet set)
    {
        using XgboostMatrix rows = XgboostMatrix.Create(set, [.. Enumerable.Range(0, set.RowCount)], 1);
        const string Config = """{"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false}""";
        XgboostLibrary.Check(PredictFromMatrix(booster.Handle, rows.Handle, Config, out ulong* shape, out ulong dimensions, out float* values));
        int count = 1;
        for (ulong d = 0; d < dimensions; d++)
        {
            count *= (int)shape[d];
        }

        return new ReadOnlySpan<float>(values, count).ToArray();
    }

    [LibraryImport("libxgboost.so.0", EntryPoint = "XGBoosterPredictFromDMatrix", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PredictFromMatrix(
        nint booster, nint matrix, string config, out ulong* shape, out ulong dimensions, out float* values);
}
