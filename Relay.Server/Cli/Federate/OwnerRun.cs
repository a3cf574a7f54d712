using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli.Local;
using Relay.Server.Federation;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Training;
using Relay.Training.Data;
using Relay.Training.Federated;
using Shared.Contracts;

namespace Relay.Server.Cli.Federate;

/// <summary>One owner's part of a round, from the check of its files to the model.</summary>
internal sealed record OwnerRun(RoundDocument Round, Uri Coordinator, string? Authority, string Key, string Train, string Test, string Output)
{
    private const string Stopped = "Stopped";
    private const int MaxKeyBytes = 64 * 1024;

    /// <summary>The file with the passphrase of an encrypted key; null: the one that the key's folder names.</summary>
    public string? KeyPassphraseFile { get; init; }

    /// <param name="more">Further files that the run reads.</param>
    /// <exception cref="CommandException">Files do not fit, or the round ended without a model.</exception>
    public async Task<int> RunAsync(IEnumerable<string> more, TextWriter output, CancellationToken cancellationToken)
    {
        ModelFiles target = new(Output);
        target.RequireWritable([Train, Test, Key, .. more]);
        try
        {
            using OwnerKey key = OpenKey();
            string name = Round.Owners[Round.FindOwner(key.PublicKey)].Name;
            if (DataDigest.Compute(Test, cancellationToken) is var digest && digest != Round.TestSha256)
            {
                throw new CommandException(DisplayText.Format(
                    $"{Test} is not the held-out file of the round: its SHA-256 is {digest}, and the round has {Round.TestSha256}"));
            }

            await using HttpRoundTransport transport = await HttpRoundTransport.ConnectAsync(
                Coordinator, Authority is null ? null : RelayApi.Pin(Authority), Round, key, TimeProvider.System, cancellationToken);
            await output.WriteLineAsync(DisplayText.Format(
                $"Joined as {name}. Round sha256 {Round.DigestText}; waiting for {Round.Owners.Count - 1} other owners."));
            TrainedModel model = await TrainAsync(key, transport, output, cancellationToken);
            target.Write(model);
            foreach (string line in CardText.Describe(model.Card))
            {
                await output.WriteLineAsync(line);
            }

            await output.WriteLineAsync(DisplayText.Format($"Wrote {target.Model} and {Path.GetFileName(target.Card)}."));
            await output.WriteLineAsync(DisplayText.Format($"All {Round.Owners.Count} owners have this model: sha256 {model.Card.Sha256}"));
            await output.WriteLineAsync("It is not signed: 'relay import' brings it into a relay, which proves it again and signs it.");
            return 0;
        }
        catch (RoundException e)
        {
            throw new CommandException($"the round ended, {e.Fault}: {e.Message}");
        }
    }

    /// <summary>Why the round ended. What this owner found itself, in messages or in its rows, stands above what the coordinator says: it is what the
    /// others are told.</summary>
    /// <param name="error">What ended training. Where the round ended, it says less than why.</param>
    /// <param name="found">What this owner found in messages; null where they were as they have to be.</param>
    /// <param name="told">What the coordinator said; null where it said nothing.</param>
    /// <returns>Null where the error itself is the reason.</returns>
    internal static RoundException? FindReason(Exception error, RoundException? found, RoundException? told)
    {
        RoundException? own = found ?? error as RoundException;
        return own is { Fault: not RoundFault.CoordinatorLost } || (own is null && error is TrainingException) ? own : told ?? own;
    }

    private OwnerKey OpenKey()
    {
        byte[] text = BoundedFile.Read(Key, MaxKeyBytes, "the private key of 'relay federate key'");
        if (CommandKey.IsSettings(Encoding.UTF8.GetString(text)))
        {
            throw new RoundException(
                RoundFault.NotAnOwner,
                DisplayText.Format($"'{Key}' is no PEM file of a private key: create one by 'relay federate key'. ")
                    + "A command would be too slow for a key that signs each message of a round");
        }

        try
        {
            return OwnerKey.FromKey(KeyFolder.OpenFile(Key, KeyPassphraseFile));
        }
        catch (CryptographicException e)
        {
            throw new RoundException(
                RoundFault.NotAnOwner, DisplayText.Format($"'{Key}' is no private key: create one by 'relay federate key'"), e);
        }
    }

    private async Task<TrainedModel> TrainAsync(OwnerKey key, HttpRoundTransport transport, TextWriter output, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, transport.Ended);
        FederatedShardGroup? group = null;
        try
        {
            group = await Task.Run(() => FederatedShardGroup.Join(Round, key, transport, cancellationToken), cancellationToken);
            TrainingJob job = new(Round.Spec, Round.Version, new DataOrigin.Owned(Train, Test, Round.Agreement))
            {
                Shards = group,
                Accepted = Round.Accepted,
            };
            TrainedModel model = await PipelineRun.RunAsync(job, output, ended.Token);
            await Task.Run(() => group.Finish(SHA256.HashData(model.Artifact)), cancellationToken);
            await output.WriteLineAsync(DisplayText.Format(
                $"{group.Steps} steps, {group.BytesSent} bytes sent, {group.BytesReceived} bytes received"));
            return model;
        }
        catch (Exception e)
        {
            RoundException? reason = cancellationToken.IsCancellationRequested ? null : FindReason(e, group?.Failure, transport.Failure);
            await transport.LeaveAsync(key, reason?.Fault.ToString() ?? (e as TrainingException)?.Fault.ToString() ?? Stopped);
            if (reason is null)
            {
                throw;
            }

            throw reason;
        }
        finally
        {
            group?.Dispose();
        }
    }
}
