using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Hosting;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Shared.Contracts;

namespace Relay.Server.Replicas;

/// <summary>Runs one of several relays on one data folder and one database. One works at a time: it has the lock of the database. The others send
/// requests on to it, and the next in turn takes over when its lock is free, however that came about.</summary>
internal sealed class ReplicaHost(RelayOptions options, ReplicaSettings replica, StartAnnouncement announcement)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly string _server = options.Server!;

    /// <returns>False when a part of the relay failed.</returns>
    /// <exception cref="RelayStartException">The replica cannot listen, or the relay cannot work with what is there.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        _ = OpenFileLimit.Connections();
        Task<RelayLock> turn = WaitForTurn(cancellationToken);
        WorkingRelay? working = null;
        try
        {
            // What the folder lacks, the relay that works creates.
            await ActiveRelay.WaitAsync(_server, announcement.Output, turn, cancellationToken);
            if (turn.IsCompletedSuccessfully)
            {
                working = await WorkingRelay.StartAsync(options, await turn, replica.Address!, cancellationToken);
            }
            else
            {
                RelayFolder.RequireRelay(options);
            }

            await using WebApplication front = ReplicaFront.Build(options, replica);
            ReplicaRequests requests = front.Services.GetRequiredService<ReplicaRequests>();
            requests.Use(working);
            await HostStart.RunAsync(front, options, cancellationToken);
            using IDisposable reload = HangUp.Reload(() => Reload(front.Services, requests.Working));
            await announcement.WriteAddressesAsync(front.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
            await AnnounceAsync(working);
            bool hasFailed = false;
            while (!cancellationToken.IsCancellationRequested && !hasFailed)
            {
                if (working is null)
                {
                    working = await TryTakeOverAsync(turn, cancellationToken);
                    if (working is not null)
                    {
                        requests.Use(working);
                        await AnnounceAsync(working);
                    }
                    else if (!cancellationToken.IsCancellationRequested)
                    {
                        turn = WaitForTurn(cancellationToken);
                    }

                    continue;
                }

                await working.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!cancellationToken.IsCancellationRequested)
                {
                    requests.Use(null);
                    hasFailed = working.HasFailed;
                    if (hasFailed)
                    {
                        continue;
                    }

                    await announcement.Output.WriteLineAsync("Another relay of the database has taken over");
                    await working.DisposeAsync();
                    (working, turn) = (null, WaitForTurn(cancellationToken));
                }
            }

            // Streams end first: the server waits for them.
            working?.BeginStop();
            ReleaseUnless(working, turn);
            await front.StopAsync(CancellationToken.None);
            return !hasFailed;
        }
        finally
        {
            if (working is not null)
            {
                await working.DisposeAsync();
            }

            ReleaseUnless(null, turn);
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

    private Task<RelayLock> WaitForTurn(CancellationToken cancellationToken) =>
        Task.Run(() => RelayLock.WaitAsync(_server, cancellationToken), cancellationToken);

    /// <summary>A lock that came too late to work by it must not keep the next relay waiting until this process is gone.</summary>
    private static void ReleaseUnless(WorkingRelay? working, Task<RelayLock> turn)
    {
        if (working is null)
        {
            _ = turn.ContinueWith(
                late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    /// <returns>Null when the wait ended without the lock, the lock or the database was lost again, or the process is to stop.</returns>
    /// <exception cref="RelayStartException">The relay cannot work with what is in the folder or the database.</exception>
    private async Task<WorkingRelay?> TryTakeOverAsync(Task<RelayLock> turn, CancellationToken cancellationToken)
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
        return null;
    }

    private static bool IsPassing(Exception error) =>
        PostgresErrors.IsUnavailable(error) || (error.InnerException is { } cause && IsPassing(cause));

    private async Task AnnounceAsync(WorkingRelay? working)
    {
        if (working is null)
        {
            await announcement.Output.WriteLineAsync(
                "Another relay of the database works: this one sends requests on to it, and waits for its turn");
            return;
        }

        await announcement.Output.WriteLineAsync(DisplayText.Format($"This relay works, and others reach it at {replica.Address!.AbsoluteUri}"));
        await announcement.WriteAsync(working.Services, options);
    }
}
