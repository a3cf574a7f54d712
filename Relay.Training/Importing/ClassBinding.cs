using System.Globalization;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Importing;

/// <summary>What the classes of a file are called: by the spec's groups in their order, or as the file says, or by their numbers.</summary>
internal static class ClassBinding
{
    /// <param name="count">Probabilities of a row; 0 for a number.</param>
    /// <param name="labels">The labels in the file, in the order of probabilities; null where it has none.</param>
    /// <exception cref="TrainingException">With InvalidSpec: the spec does not have the classes of the file.</exception>
    public static ModelSchema Bind(ModelSpec spec, int count, IReadOnlyList<string>? labels)
    {
        if ((spec.Task is ModelTask.Classification) != (count > 0))
        {
            throw Refuse($"the task is {spec.Task}, and the model answers {(count > 0 ? $"probabilities of {count} classes" : "a number")}");
        }

        if (count == 0)
        {
            return new ModelSchema([.. spec.Features], []) { Task = spec.Task };
        }

        string[] groups = [.. spec.Label.Groups.Keys];
        IReadOnlyList<string> own = labels ?? [.. Enumerable.Range(0, count).Select(k => k.ToString(CultureInfo.InvariantCulture))];
        bool isNumbered = own.Select((label, k) => label == k.ToString(CultureInfo.InvariantCulture)).All(same => same);
        if (groups.Length > 0 && groups.Length != count)
        {
            throw Refuse($"label.groups has {groups.Length} classes, and the model tells {count} apart: {DataErrors.List(own)}");
        }

        // Class names of the file have their own order; numbers stand for the groups in theirs.
        bool isSame = groups.ToHashSet(StringComparer.Ordinal).SetEquals(own);
        if (groups.Length > 0 && !isSame && !isNumbered)
        {
            throw Refuse($"label.groups has the classes {DataErrors.List(groups)}, and the model {DataErrors.List(own)}");
        }

        IReadOnlyList<string> classes = groups.Length == 0 || isSame ? own : groups;
        if (spec.Label.Benign is { } benign && !classes.Contains(benign, StringComparer.Ordinal))
        {
            throw Refuse($"label.benign is '{benign}', and the classes are {DataErrors.List(classes)}");
        }

        return classes.All(c => ModelSpecRules.IsColumnName(c)) && classes.Distinct(StringComparer.Ordinal).Count() == count
            ? new ModelSchema([.. spec.Features], classes, spec.Label.Benign)
            : throw Refuse(
                $"the model's classes have no names, or two have one: {DataErrors.List(classes)}; name them by " +
                    $"label.groups, in the order of the model");
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec: {why}");
}
