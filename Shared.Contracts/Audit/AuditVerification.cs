using Shared.Contracts.Api;

namespace Shared.Contracts.Audit;

/// <summary>Verifies the lines of an audit log from the first: each names the hash of the line before. Heads that somebody kept must be
/// in it.</summary>
internal sealed class AuditVerification
{
    private readonly List<AuditHead> _heads;
    private string _hash = AuditChain.Start;

    /// <param name="heads">Their signatures are the caller's to verify.</param>
    public AuditVerification(IEnumerable<AuditHead> heads) => _heads = [.. heads];

    /// <summary>The entries so far.</summary>
    public long Count { get; private set; }

    /// <summary>The hash of the last one.</summary>
    public string Hash => _hash;

    public AuditEntry? First { get; private set; }

    public AuditEntry? Last { get; private set; }

    /// <summary>Null when the line follows; else what is wrong.</summary>
    public string? Add(string line)
    {
        long number = Count + 1;
        if (AuditChain.TryRead(line) is not { } entry)
        {
            return $"line {number} is no entry of an audit log";
        }

        if (entry.Sequence != number)
        {
            return $"line {number} is entry {entry.Sequence}: entries are missing, or in another order";
        }

        if (entry.Previous != _hash)
        {
            return number == 1
                ? "the first entry follows another one: the beginning is missing"
                : $"entry {number} does not follow entry {number - 1}: one of the two was changed, or entries between them were taken away";
        }

        (Count, _hash, Last) = (number, AuditChain.Hash(line), entry);
        First ??= entry;
        return _heads.FirstOrDefault(head => head.Sequence == number && head.Hash != _hash) is { } other
            ? $"entry {number} is not the one whose hash was signed at {other.At:u}: the log was written anew from an entry up to this one"
            : null;
    }

    /// <summary>Null when every head is in the log; else what is wrong.</summary>
    public string? End() => _heads.FirstOrDefault(head => head.Sequence > Count) is { } missing
        ? $"the log ends with entry {Count}, and entry {missing.Sequence} was there at {missing.At:u}: entries were taken away, or an older backup "
            + "was restored"
        : null;
}
