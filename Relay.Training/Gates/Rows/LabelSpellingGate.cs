using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Fails where classes differ only in case or white space, such as 'Good', 'good' and 'Good '.</summary>
internal sealed class LabelSpellingGate : IGate
{
    public string Name => "label-spelling";

    public GateBounds Defaults { get; } = new() { Fail = 0 };

    public GateResult Check(GateContext context)
    {
        if (context.Spec.Task is not ModelTask.Classification)
        {
            return this.NotApplicable($"the task {context.Spec.Task} learns no classes");
        }

        IReadOnlyList<string>[] several = [.. LabelSpelling.Group(context.Data.Classes).Where(spellings => spellings.Count > 1)];
        return this.JudgeMaximum(
            context, several.Sum(spellings => spellings.Count - 1),
            several.Length == 0
                ? $"{context.Data.Classes.Count} classes, no two of them spellings of one"
                : $"{several.Length} classes have several spellings that differ only in case, white space or the way in which accents are written: "
                  + $"{string.Join("; ", several.Take(3).Select(DataErrors.List))}; set label.mergeSpellings in the " +
                      $"spec, or name them in label.groups");
    }
}
