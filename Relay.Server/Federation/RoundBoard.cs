using System.Security.Cryptography;
using System.Text;
using Relay.Training.Federated;
using Shared.Contracts;

namespace Relay.Server.Federation;

/// <summary>Where owners submit their messages, and take those of all. It holds one step at a time. What is in the messages it neither knows nor
/// can change: owners sign them, and verify each.</summary>
/// <param name="log">Receives a sentence when something happens that a person wants to know.</param>
internal sealed class RoundBoard(RoundDocument round, TimeProvider timeProvider, Action<string> log) : IDisposable
{
    /// <summary>Bytes of a token.</summary>
    public const int TokenLength = 32;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<RoundEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string?[] _tokens = new string?[round.Owners.Count];
    private Submitted?[] _messages = new Submitted?[round.Owners.Count];
    private TaskCompletionSource<byte[][]> _complete = NewStep();
    private ITimer? _timer;
    private long _step;

    /// <summary>Completes when the round has ended.</summary>
    public Task<RoundEnd> Ended => _end.Task;

    /// <summary>The owners whose message of this step has not come.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Range(0, _messages.Length).Where(owner => _messages[owner] is null).Select(NameOf)];
            }
        }
    }

    /// <summary>Begins the time in which all owners have to join.</summary>
    public void Open()
    {
        lock (_gate)
        {
            StartTimer(round.JoinTime);
        }
    }

    /// <summary>An owner takes part, until <see cref="Leave"/>.</summary>
    /// <returns>The token of its further requests.</returns>
    /// <exception cref="RoundException">It takes part already.</exception>
    public string Join(int owner)
    {
        lock (_gate)
        {
            if (_tokens[owner] is not null)
            {
                throw new RoundException(RoundFault.AlreadyJoined, $"Owner {NameOf(owner)} has joined already, by another process with its key");
            }

            log(DisplayText.Format($"owner {NameOf(owner)} joined"));
            return _tokens[owner] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength));
        }
    }

    /// <summary>The owner that a token was given to; null for any other text.</summary>
    public int? FindOwner(string token)
    {
        lock (_gate)
        {
            byte[] given = Encoding.UTF8.GetBytes(token);
            int owner = Array.FindIndex(
                _tokens, own => own is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(own), given));
            return owner >= 0 ? owner : null;
        }
    }

    /// <summary>An owner takes part no more: the round ends for all.</summary>
    public void Leave(int owner, RoundFault fault, string why) =>
        End(new RoundEnd(fault, DisplayText.Format($"owner {NameOf(owner)} {why}, so that the round ends for all; nothing was trained")));

    /// <summary>Submits a message, and waits for those of all owners.</summary>
    /// <returns>Null where the round has ended.</returns>
    /// <exception cref="RoundException">It is no message of this step.</exception>
    public async Task<byte[][]?> ExchangeAsync(RoundMessage message, byte[] bytes, CancellationToken cancellationToken)
    {
        Task<byte[][]> complete;
        lock (_gate)
        {
            if (_end.Task.IsCompleted)
            {
                return null;
            }

            if (message.Step != _step || _messages[message.Sender] is not null)
            {
                throw new RoundException(
                    RoundFault.WrongStep, $"Owner {NameOf(message.Sender)} sent a message of step {message.Step} at step {_step}, or a second one");
            }

            _messages[message.Sender] = new Submitted(message, bytes);
            complete = _complete.Task;
            if (Array.TrueForAll(_messages, m => m is not null))
            {
                CompleteStep();
            }
        }

        await Task.WhenAny(complete, _end.Task).WaitAsync(cancellationToken);
        return complete.IsCompleted ? await complete : null;
    }

    public void Dispose() => _timer?.Dispose();

    private void CompleteStep()
    {
        Submitted[] all = Array.ConvertAll(_messages, m => m!);
        if (_step == 0)
        {
            log(DisplayText.Format($"all {round.Owners.Count} owners greeted each other"));
        }

        _complete.SetResult(Array.ConvertAll(all, m => m.Bytes));
        _complete = NewStep();
        _messages = new Submitted?[round.Owners.Count];
        _step++;
        if (Array.Exists(all, m => m.Message.Kind is MessageKind.Done))
        {
            End(FindEnd(Array.ConvertAll(all, m => m.Message)));
        }
        else
        {
            StartTimer(round.StepTime);
        }
    }

    // Owners verify the same. What they find does not reach the coordinator: this step is the last one.
    private RoundEnd FindEnd(RoundMessage[] last)
    {
        (RoundFault Fault, string Detail)? found =
            last.Any(m => m.Kind is not MessageKind.Done) ? (RoundFault.WrongStep, "some owners have a model and others go on")
            : Differ(m => m.Transcript) ? (RoundFault.TranscriptsDiffer, "owners received different messages in an earlier step")
            : Differ(m => m.Payload) ? (RoundFault.ModelsDiffer, "the models of the owners are not the same bytes")
            : null;
        return found is { } end
            ? new RoundEnd(end.Fault, $"{end.Detail}, so that the round ends for all; nothing was trained")
            : new RoundEnd(null, DisplayText.Format($"all {round.Owners.Count} owners have the model, after {_step} steps"));

        bool Differ(Func<RoundMessage, ReadOnlyMemory<byte>> part) => last.Any(m => !part(m).Span.SequenceEqual(part(last[0]).Span));
    }

    private void StartTimer(TimeSpan time)
    {
        long step = _step;
        _timer?.Dispose();
        _timer = timeProvider.CreateTimer(_ => EndLate(step, time), null, time, Timeout.InfiniteTimeSpan);
    }

    private void EndLate(long step, TimeSpan time)
    {
        lock (_gate)
        {
            // The last message may have come while the timer waited for the lock.
            if (step != _step)
            {
                return;
            }

            End(new RoundEnd(
                RoundFault.TimedOut,
                DisplayText.Format(
                    $"{string.Join(", ", Missing)} sent nothing at step {_step} for {time}, so that the round ends for all; nothing was trained")));
        }
    }

    private void End(RoundEnd end)
    {
        if (_end.TrySetResult(end))
        {
            _timer?.Dispose();
            log(end.Detail);
        }
    }

    private string NameOf(int owner) => round.Owners[owner].Name;

    private static TaskCompletionSource<byte[][]> NewStep() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Submitted(RoundMessage Message, byte[] Bytes);
}
