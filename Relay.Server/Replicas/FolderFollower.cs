using System.Data.Common;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Contracts;

namespace Relay.Server.Replicas;

/// <summary>Keeps the folder of a relay that waits for its turn up to date where the database has the files, so that little is left to copy when its
/// turn comes.</summary>
internal sealed class FolderFollower(RelayOptions options, TextWriter output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Follows until a task has ended.</summary>
    public async Task<T> FollowWhileAsync<T>(Func<Task<T>> wait)
    {
        using CancellationTokenSource ended = new();
        Task following = Task.Run(() => FollowAsync(ended.Token));
        try
        {
            return await wait();
        }
        finally
        {
            await ended.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using StoredFolder? stored = RelayFolder.FillFrom(options, FolderAccess.Follow);
                if (stored is null)
                {
                    return;
                }

                RelayFolder.ClearLeftovers(options, stored);
                await stored.FollowAsync(Report, cancellationToken);
            }
            catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or RelayStartException or InvalidDataException)
            {
                Report(e);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private void Report(Exception error) => output.WriteLine(
        DisplayText.Format($"This relay cannot copy the files of the data folder, and tries again: {error.Message}"));
}
