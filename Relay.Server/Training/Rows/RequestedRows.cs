using System.Data.Common;
using Relay.Server.Datasets.Selection;
using Relay.Server.Storage;
using Relay.Training;

namespace Relay.Server.Training.Rows;

/// <summary>The rows of runs from datasets, in a process that trains for a relay: the relay that works writes them into the folder of this process,
/// which may be on another machine and never opens the files of datasets.</summary>
internal sealed class RequestedRows(RowRequests requests, DataFolder folder)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <exception cref="TrainingException">The dataset was deleted, or has too few rows.</exception>
    /// <exception cref="IOException">The relay could not write them.</exception>
    public TrainingFiles Open(long run, CancellationToken cancellationToken)
    {
        RowRequest request = new(run, Path.GetFileName(folder.Uploads));
        string rows = Path.Combine(folder.Uploads, RowRequest.NameOf(run));
        requests.Add(request);
        bool isOpened = false;
        try
        {
            RowAnswer answer = Wait(request, cancellationToken);
            if (answer is not { Train: { } train, Use: { } use })
            {
                throw answer.Fault is { } fault ? new TrainingException(fault, answer.Detail!)
                    : answer.IsStorage ? new IOException(answer.Detail)
                    : new InvalidOperationException(answer.Detail);
            }

            isOpened = true;
            return TrainingFiles.Open(rows, train, answer.Test, use);
        }
        finally
        {
            requests.Delete(request);
            if (!isOpened && Directory.Exists(rows))
            {
                Directory.Delete(rows, recursive: true);
            }
        }
    }

    private RowAnswer Wait(RowRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (requests.FindAnswer(request) is { } answer)
                {
                    return answer;
                }
            }
            catch (DbException)
            {
                // The relay that works may be about to change, and the database away: the run goes on waiting.
            }

            cancellationToken.WaitHandle.WaitOne(Interval);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
