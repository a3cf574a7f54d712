using Relay.Server.Storage;
using Relay.Training;
using Relay.Training.Importing;
using Shared.Contracts.Api;

namespace Relay.Server.Training;

/// <summary>Executes a run that imports a model, up to its proved file.</summary>
internal sealed class ImportExecution(DatasetFolder datasets, ArtifactStore artifacts, IncumbentFinder incumbents, ImportPipeline pipeline)
{
    /// <exception cref="TrainingException">A file is gone, or the import is refused.</exception>
    public TrainedModel Run(
        ClaimedRun run, ImportSource import, int version, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
    {
        string test = datasets.Find(run.Data.Test!) ?? throw new TrainingException(
            TrainingFault.MissingData, $"{run.Data.Test}: the relay's datasets folder has no such file; restore it and import again.");
        ImportJob job = new(run.Spec, version, import.File, Read(import), test)
        {
            Output = import.Output,
            Signer = import.Signer,
            Incumbent = incumbents.Find(run.Spec.Name),
            Accepted = run.Reasons,
        };
        return pipeline.Run(job, progress, cancellationToken);
    }

    private byte[] Read(ImportSource import)
    {
        try
        {
            return artifacts.Read(import.Sha256);
        }
        catch (Exception missing) when (missing is FileNotFoundException or InvalidDataException)
        {
            throw new TrainingException(
                TrainingFault.MissingData,
                $"{import.File}: the relay no longer has the file that was sent, or it is damaged; import it again.", missing);
        }
    }
}
