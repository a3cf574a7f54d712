using System.Globalization;
using Shared.Contracts.Models;

namespace Relay.Training.Gates;

/// <summary>Compares figures with bounds, in one way for all gates.</summary>
internal static class GateVerdicts
{
    /// <summary>The result of a gate whose figure must not be above its bounds. A figure with an interval fails only where the whole interval is
    /// above: else the rows are too few to tell it from noise, and the gate warns.</summary>
    public static GateResult JudgeMaximum(
        this IGate gate, GateContext context, double figure, string detail, GateInterval? interval = null)
    {
        GateBounds bounds = context.BoundsOf(gate);
        GateVerdict verdict = bounds.Fail is { } fail && (interval?.Low ?? figure) > fail ? GateVerdict.Fail
            : figure > (bounds.Warn ?? bounds.Fail) || figure > bounds.Fail ? GateVerdict.Warn
            : GateVerdict.Pass;
        return gate.Result(verdict, figure, bounds.Fail ?? bounds.Warn, detail, interval);
    }

    /// <summary>As <see cref="JudgeMaximum"/> for a figure that must not be below its bounds.</summary>
    public static GateResult JudgeMinimum(
        this IGate gate, GateContext context, double figure, string detail, GateInterval? interval = null)
    {
        GateBounds bounds = context.BoundsOf(gate);
        GateVerdict verdict = bounds.Fail is { } fail && (interval?.High ?? figure) < fail ? GateVerdict.Fail
            : figure < (bounds.Warn ?? bounds.Fail) || figure < bounds.Fail ? GateVerdict.Warn
            : GateVerdict.Pass;
        return gate.Result(verdict, figure, bounds.Fail ?? bounds.Warn, detail, interval);
    }

    /// <summary>As <see cref="JudgeMinimum"/> for several parts: the result is that of the worst one. A part that fails comes before one whose
    /// figure is lower by chance.</summary>
    public static GateResult JudgeWorst(
        this IGate gate, GateContext context, IEnumerable<(double Figure, string Detail, GateInterval Interval)> parts) =>
        parts.Select(p => gate.JudgeMinimum(context, p.Figure, p.Detail, p.Interval)).OrderByDescending(r => r.Verdict).ThenBy(r => r.Figure).First();

    public static GateResult Result(
        this IGate gate, GateVerdict verdict, double figure, double? bound, string detail, GateInterval? interval = null) =>
        new(gate.Name, verdict, detail) { Figure = figure, Bound = bound, Interval = interval };

    /// <summary>Says what to do, where the gate did not pass.</summary>
    public static GateResult Advise(this GateResult result, string advice) =>
        result.Verdict is GateVerdict.Warn or GateVerdict.Fail ? result with { Detail = $"{result.Detail}; {advice}" } : result;

    public static GateResult NotApplicable(this IGate gate, string reason) => new(gate.Name, GateVerdict.NotApplicable, reason);

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    public static string Number(double figure) => figure.ToString("G4", CultureInfo.InvariantCulture);
}
