using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Which class a raw label belongs to. For anomaly detection there are two: what the spec calls benign, and all the rest, also
/// labels that training never saw.</summary>
internal sealed class ClassMap
{
    private readonly Dictionary<string, int> _classOf = new(StringComparer.Ordinal);
    private readonly int? _classOfOthers;
    private readonly bool _mergesSpellings;

    public ClassMap(ModelSpec spec, IReadOnlyList<string> classes)
    {
        LabelSpec label = spec.Label;
        if (spec.Task is ModelTask.AnomalyDetection)
        {
            Add(label.Benign!, 0);
            _classOfOthers = 1;
            return;
        }

        _mergesSpellings = label.MergeSpellings;
        for (int i = 0; i < classes.Count; i++)
        {
            Add(_mergesSpellings ? LabelSpelling.Fold(classes[i]) : classes[i], i);
        }

        void Add(string name, int index)
        {
            if (label.Groups.Count == 0)
            {
                _classOf[name] = index;
            }
            else if (label.Groups.TryGetValue(name, out IReadOnlyList<string>? members))
            {
                foreach (string raw in members)
                {
                    _classOf[raw] = index;
                }
            }
        }
    }

    /// <summary>The raw labels that belong to a class, for messages.</summary>
    public string Expected => DataErrors.List(_classOf.Keys.Order(StringComparer.Ordinal));

    /// <summary>The groups of the spec in its order, or the raw labels in ordinal order, each in one spelling where the spec merges them.</summary>
    public static IReadOnlyList<string> Classes(ModelSpec spec, IEnumerable<string> rawLabels) =>
        spec.Task is ModelTask.AnomalyDetection ? ModelSchema.AnomalyClasses
        : spec.Label.Groups.Count > 0 ? [.. spec.Label.Groups.Keys]
        : spec.Label.MergeSpellings ? LabelSpelling.Merge(rawLabels)
        : [.. rawLabels.Order(StringComparer.Ordinal)];

    public bool TryGetClass(string rawLabel, out int index)
    {
        if (_classOf.TryGetValue(_mergesSpellings ? LabelSpelling.Fold(rawLabel) : rawLabel, out index))
        {
            return true;
        }

        index = _classOfOthers ?? 0;
        return _classOfOthers is not null;
    }
}
