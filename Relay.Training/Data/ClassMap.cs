using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Which class a raw label belongs to.</summary>
internal sealed class ClassMap
{
    private readonly Dictionary<string, int> classOf = new(StringComparer.Ordinal);

    public ClassMap(LabelSpec label, IReadOnlyList<string> classes)
    {
        for (int i = 0; i < classes.Count; i++)
        {
            if (label.Groups.Count == 0)
            {
                classOf[classes[i]] = i;
            }
            else if (label.Groups.TryGetValue(classes[i], out IReadOnlyList<string>? members))
            {
                foreach (string raw in members)
                {
                    classOf[raw] = i;
                }
            }
        }
    }

    /// <summary>The raw labels that belong to a class, for messages.</summary>
    public string Expected => DataFault.List(classOf.Keys.Order(StringComparer.Ordinal));

    /// <summary>The groups of the spec in its order, or the raw labels in ordinal order.</summary>
    public static IReadOnlyList<string> Classes(LabelSpec label, IEnumerable<string> rawLabels) =>
        label.Groups.Count > 0 ? [.. label.Groups.Keys] : [.. rawLabels.Order(StringComparer.Ordinal)];

    public bool TryGetClass(string rawLabel, out int index) => classOf.TryGetValue(rawLabel, out index);
}
