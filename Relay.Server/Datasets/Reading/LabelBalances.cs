using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Relay.Server.Datasets.Samples;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Datasets.Reading;

/// <summary>Counts the samples of datasets by their label. To count looks at all samples, so that a count stays until something changes.</summary>
internal sealed class LabelBalances
{
    // A sample counts once for each label that it has, however many sources gave it.
    private const string Count = """
        SELECT label, count(*) AS samples FROM (
            SELECT label FROM samples WHERE label IS NOT NULL
            UNION ALL
            SELECT given.label FROM labels AS given JOIN samples ON samples.id = given.sample
            WHERE given.label IS DISTINCT FROM samples.label AND NOT EXISTS (
                SELECT 1 FROM labels AS earlier
                WHERE earlier.sample = given.sample AND earlier.label = given.label AND earlier.position < given.position)) AS given
        GROUP BY label ORDER BY count(*) DESC, label LIMIT @MaxBalance
        """;

    private readonly ConditionalWeakTable<SampleDatabase, Counted> _counted = [];

    /// <param name="state">The sums of the dataset, as they were just before.</param>
    /// <returns>Null where the dataset takes no classes as labels.</returns>
    public IReadOnlyList<LabelCount>? Read(Dataset dataset, SampleState state, DbConnection connection)
    {
        if (dataset.Spec.Label is not { Number: false })
        {
            return null;
        }

        // What is added moves the position; what is deleted makes the sums smaller. No state comes back.
        (long Position, long Rows, long Labels) key = (state.Position, state.Rows, state.Labels);
        if (_counted.TryGetValue(dataset.Samples, out Counted? counted) && counted.State == key)
        {
            return counted.Labels;
        }

        LabelCount[] labels =
        [
            .. connection.Query<(string Label, long Samples)>(Count, new { DatasetView.MaxBalance })
                .Select(count => new LabelCount(count.Label, count.Samples)),
        ];
        _counted.AddOrUpdate(dataset.Samples, new Counted(key, labels));
        return labels;
    }

    private sealed record Counted((long Position, long Rows, long Labels) State, IReadOnlyList<LabelCount> Labels);
}
