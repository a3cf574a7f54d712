using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.Server.Storage.Postgres;
using Shared.Contracts;

namespace Relay.Server.Replicas;

/// <summary>Runs one of several relays on one database, on one data folder or each on its own. One works at a time: it has the lock of the database.
/// The others send requests on to it, and the next in turn takes over when its lock is free, however that came about.</summary>
internal sealed class ReplicaHost(RelayOptions options, ReplicaSettings replica, StartAnnouncement announcement)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly string _server = options.Server!;
    private WorkingRelay? _working;

    /// <returns>False when a part of the relay failed.</returns>
    /// <exception cref="RelayStartException">The replica cannot listen, or the relay cannot work with what is there.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        _ = OpenFileLimit.Connections();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<RelayLock> turn = WaitForTurnAsync(ended.Token);
        try
        {
            // What the folder lacks, the relay that works creates.
            await ActiveRelay.WaitAsync(_server, announcement.Output, turn, ended.Token);
            if (turn.IsCompletedSuccessfully)
            {
                _working = await WorkingRelay.StartAsync(options, await turn, replica.Address!, ended.Token);
            }
            else
            {
                RelayFolder.FillFrom(options, FolderAccess.Follow)?.Dispose();
                RelayFolder.RequireRelay(options);
            }

            await using WebApplication front = ReplicaFront.Build(options, replica);
            ReplicaRequests requests = front.Services.GetRequiredService<ReplicaRequests>();
            requests.Use(_working);
            await HostStart.RunAsync(front, options, ended.Token);
            using IDisposable reload = HangUp.Reload(() => Reload(front.Services, requests.Working));
            await announcement.WriteAddressesAsync(front.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
            bool isSound = await TakeTurnsAsync(requests, turn, ended.Token);

            // Streams end first: the server waits for them.
            _working?.BeginStop();
            await front.StopAsync(CancellationToken.None);
            return isSound;
        }
        finally
        {
            await ended.CancelAsync();
            if (_working is not null)
            {
                await _working.DisposeAsync();
            }
        }
    }

    /// <summary>Waits and works in turn, until the process is to stop.</summary>
    /// <returns>False when a part of the relay failed.</returns>
    private async Task<bool> TakeTurnsAsync(ReplicaRequests requests, Task<RelayLock> turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_working is null)
            {
                await announcement.Output.WriteLineAsync(
                    "Another relay of the database works: this one sends requests on to it, and waits for its turn");
                FolderFollower follower = new(options, announcement.Output);
                _working = await follower.FollowWhileAsync(() => TakeOverAsync(turn, cancellationToken));
            }

            if (_working is null)
            {
                return true;
            }

            requests.Use(_working);
            await announcement.Output.WriteLineAsync(DisplayText.Format($"This relay works, and others reach it at {replica.Address!.AbsoluteUri}"));
            await announcement.WriteAsync(_working.Services, options);
            await _working.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return true;
            }

            requests.Use(null);
            if (_working.HasFailed && !_working.IsReplaced)
            {
                return false;
            }

            await _working.DisposeAsync();
            _working = null;
            turn = WaitForTurnAsync(cancellationToken);
        }
    }

    private static void Reload(IServiceProvider front, WorkingRelay? working)
    {
        front.GetRequiredService<ServerTls>().Reload();
        if (working is not null)
        {
            HostStart.Reload(working.Services);
        }
    }

    private async Task<RelayLock> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        RelayLock held = await Task.Run(() => RelayLock.WaitAsync(_server, cancellationToken), cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            // It must not keep the next relay waiting until this process is gone.
            held.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return held;
    }

    /// <returns>Null when the process is to stop.</returns>
    /// <exception cref="RelayStartException">The relay cannot work with what is in the folder or the database.</exception>
    private async Task<WorkingRelay?> TakeOverAsync(Task<RelayLock> turn, CancellationToken cancellationToken)
    {
        for (; !cancellationToken.IsCancellationRequested; turn = WaitForTurnAsync(cancellationToken))
        {
            await ((Task)turn).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (turn.IsCompletedSuccessfully)
            {
                RelayLock held = await turn;
                try
                {
                    return await WorkingRelay.StartAsync(options, held, replica.Address!, cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return null;
                }
                catch (Exception e) when (held.Lost.IsCompleted || IsPassing(e))
                {
                    // The database often ends together with the relay that worked: a replica that gave up then would be missing afterwards.
                    await announcement.Output.WriteLineAsync(DisplayText.Format($"This relay cannot take over yet, and tries again: {e.Message}"));
                }
            }

            // The database is away: the one that works may be well, and this one tries again.
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private static bool IsPassing(Exception error) =>
        PostgresErrors.IsUnavailable(error) || (error.InnerException is { } cause && IsPassing(cause));
}
