using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Client;
using Sync.Client.Scoring;
using Sync.Native.Interop;
using Sync.Native.Models;

namespace Sync.Native;

/// <summary>The functions of <c>relaysync.h</c> that answer. They take no lock and, but for <c>relaysync_explain</c>, allocate nothing.</summary>
internal static unsafe class ScoringExports
{
    [UnmanagedCallersOnly(EntryPoint = "relaysync_predict", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Predict(
        ulong model, float* numbers, nuint numberCount, byte** categories, nuint categoryCount,
        NativePrediction* prediction, float* probabilities, nuint probabilityCount)
    {
        try
        {
            Answer(
                NativeModel.From(model), NativeMemoryView.From<NativePrediction>(prediction, 1, "prediction"),
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount),
                ReadOutputs(probabilities, probabilityCount));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_predict_many", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus PredictMany(
        ulong model, nuint rows, float* numbers, nuint numberCount, byte** categories, nuint categoryCount,
        NativePrediction* predictions, float* probabilities, nuint probabilityCount)
    {
        try
        {
            Answer(
                NativeModel.From(model), NativeMemoryView.From<NativePrediction>(predictions, rows, "predictions"),
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount),
                ReadOutputs(probabilities, probabilityCount));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_score_row", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus ScoreRow(
        ulong model, float* numbers, nuint numberCount, byte** categories, nuint categoryCount, NativeScore* score)
    {
        try
        {
            Answer(
                NativeModel.From(model), NativeMemoryView.From<NativeScore>(score, 1, "score"),
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_score_many", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus ScoreMany(
        ulong model, nuint rows, float* numbers, nuint numberCount, byte** categories, nuint categoryCount, NativeScore* scores)
    {
        try
        {
            Answer(
                NativeModel.From(model), NativeMemoryView.From<NativeScore>(scores, rows, "scores"),
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_value_row", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus ValueRow(
        ulong model, float* numbers, nuint numberCount, byte** categories, nuint categoryCount, NativeValue* value)
    {
        try
        {
            Answer(
                NativeModel.From(model), NativeMemoryView.From<NativeValue>(value, 1, "value"),
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_value_many", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus ValueMany(
        ulong model, nuint rows, float* numbers, nuint numberCount, byte** categories, nuint categoryCount, NativeValue* values)
    {
        try
        {
            Answer(
                NativeModel.From(model), NativeMemoryView.From<NativeValue>(values, rows, "values"),
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_explain", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Explain(
        ulong model, float* numbers, nuint numberCount, byte** categories, nuint categoryCount,
        NativeExplanation* explanation, double* contributions, nuint contributionCount)
    {
        try
        {
            NativeModel found = NativeModel.From(model);
            NativeMemoryView.RequireOutput(explanation, "explanation");
            Span<double> places = NativeMemoryView.From<double>(contributions, contributionCount, "contributions");
            using ScorerLease lease = new(found.Slot, found.Name);
            lease.Scorer.CheckRoom(lease.Scorer.Version.Schema.Inputs.Count, places.Length);
            Explanation explained = lease.Scorer.Explain(
                NativeMemoryView.From<float>(numbers, numberCount, "numbers"), CategoryTexts.Read(categories, categoryCount));
            for (int input = 0; input < explained.Contributions.Count; input++)
            {
                places[input] = explained.Contributions[input].Contribution;
            }

            *explanation = new NativeExplanation
            {
                Label = NativeText.Intern(explained.Label ?? ""),
                Sha256 = found.ReadersOf(lease.Scorer).Native.Sha256,
                Baseline = explained.Baseline,
                Score = explained.Score,
                Version = explained.Version,
            };
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    private static void Answer(
        NativeModel model, Span<NativePrediction> answers, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> probabilities)
    {
        using ScorerLease lease = new(model.Slot, model.Name);
        lease.Scorer.Answer(model.ReadersOf(lease.Scorer).Predictions(lease.Scorer), numbers, categories, answers, probabilities);
    }

    private static void Answer(NativeModel model, Span<NativeScore> answers, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        using ScorerLease lease = new(model.Slot, model.Name);
        lease.Scorer.Answer(model.ReadersOf(lease.Scorer).Scores(lease.Scorer), numbers, categories, answers, []);
    }

    private static void Answer(NativeModel model, Span<NativeValue> answers, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        using ScorerLease lease = new(model.Slot, model.Name);
        lease.Scorer.Answer(model.ReadersOf(lease.Scorer).Values(lease.Scorer), numbers, categories, answers, []);
    }

    // Memory of no places is a mistake of the caller; NULL says that the probabilities are not wanted.
    private static Span<float> ReadOutputs(float* probabilities, nuint count) => probabilities == null || count != 0
        ? NativeMemoryView.From<float>(probabilities, count, "probabilities")
        : throw new NativeCallException(NativeStatus.WrongOutput, "probabilities has 0 places: pass one for each class of each row, or NULL");
}
