using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;
using Relay.Server.Storage;

namespace Relay.Server.Training;

/// <summary>How many training runs and versions a model may have. 0: no limit.</summary>
internal sealed record TrainingLimits(int MaximumRuns = 0, int MaximumVersions = 0);

/// <summary>Refuses a training run that would take more room than there is to be.</summary>
internal sealed class TrainingQuota(TrainingLimits limits, RelayDatabase database, FolderQuota folder)
{
    /// <returns>Null where the model may have another run, and a version of it.</returns>
    public ProblemHttpResult? FindProblem(string model)
    {
        if (folder.IsExceeded())
        {
            return RelayProblems.DiskFull();
        }

        if (limits is { MaximumRuns: 0, MaximumVersions: 0 })
        {
            return null;
        }

        using DbConnection connection = database.Open();
        (long runs, long unfinished, long versions) = connection.QuerySingle<(long, long, long)>(
            """
            SELECT (SELECT count(*) FROM training_runs WHERE model = @model),
                (SELECT count(*) FROM training_runs WHERE model = @model AND state IN ('queued', 'running')),
                (SELECT count(*) FROM model_versions WHERE model = @model)
            """,
            new { model });
        return limits.MaximumRuns > 0 && runs >= limits.MaximumRuns ? TrainingProblems.TooManyRuns(model, limits.MaximumRuns)
            : limits.MaximumVersions > 0 && versions + unfinished >= limits.MaximumVersions
                ? TrainingProblems.TooManyVersions(model, limits.MaximumVersions)
            : null;
    }
}
