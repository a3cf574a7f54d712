using Shared.Contracts;
using Sync.Client.Storage;

namespace Sync.Client.Identity;

/// <summary>What a node is to its relay: a name, a key in its store, and the note that the relay knows the key. Updates prepare and save it, one at
/// a time; all else is for any thread.</summary>
internal sealed class NodeIdentity(string nodeId, NodeStore store, TimeProvider timeProvider) : IDisposable
{
    private volatile NodeKey? _key;
    private volatile Refusal? _keyFault;
    private volatile Refusal? _refusal;
    private volatile StoredEnrollment? _enrollment;
    private volatile bool _isSaved = true;

    public string NodeId => nodeId;

    public SignatureClock Clock { get; } = new(timeProvider);

    /// <summary>Null before <see cref="Prepare"/>, and where the store has none that can be used.</summary>
    public NodeKey? Key => _key;

    /// <summary>Why there is no key.</summary>
    public Refusal? KeyFault => _keyFault;

    /// <summary>Why no relay has enrolled the node so far, although it has a token; null where one did, or none was asked. A relay that
    /// takes nodes without keys refuses no request for it.</summary>
    public Refusal? EnrollmentRefusal => _refusal;

    /// <summary>Reads the key, or makes one where there is none. A key that cannot be read is not replaced: the relay knows the node by it.</summary>
    /// <returns>Why there is no key; null when there is one.</returns>
    public Refusal? Prepare()
    {
        if (_key is { } known)
        {
            if (!store.HasKey)
            {
                // The folder was deleted while the node runs.
                _ = store.TryWriteKey(known.ToPem());
                _isSaved = false;
            }

            return null;
        }

        (byte[]? pem, Refusal? fault) = store.ReadKey();
        if (fault is null)
        {
            (_key, fault) = pem is null ? Create() : (NodeKey.FromPem(pem), null);
            fault ??= _key is null ? store.KeyIsDamaged : null;
        }

        if (_key is not null)
        {
            store.RestrictKey();
        }

        _enrollment ??= _key is null ? null : store.ReadEnrollment();
        return _keyFault = fault;
    }

    /// <summary>True where a relay has enrolled the key: the node signs its requests. A relay that takes nodes without keys takes no signature of a
    /// key that it does not know.</summary>
    public bool IsKnown => _key is { } key && _enrollment?.Key == key.Fingerprint;

    /// <summary>True where the relay at this address has enrolled the key.</summary>
    public bool IsEnrolledWith(Uri relay) => _enrollment is { } enrollment && enrollment == Describe(relay);

    /// <summary>Notes that a relay knows the key; <see cref="Save"/> writes it.</summary>
    public void NoteEnrolled(Uri relay) => (_enrollment, _refusal, _isSaved) = (Describe(relay), null, false);

    /// <summary>Notes that the relay does not know the key.</summary>
    public void NoteUnknown() => _enrollment = null;

    /// <param name="refusal">Null where the relay does not enroll any node.</param>
    public void NoteRefused(Refusal? refusal) => _refusal = IsKnown ? null : refusal;

    /// <summary>Writes what was noted. A note that is lost costs a request: the relay knows.</summary>
    public void Save()
    {
        if (!_isSaved && _enrollment is { } enrollment)
        {
            _isSaved = true;
            store.WriteEnrollment(enrollment);
        }
    }

    public void Dispose() => _key?.Dispose();

    private (NodeKey? Key, Refusal? Fault) Create()
    {
        NodeKey key = NodeKey.Create();
        if (store.TryWriteKey(key.ToPem()))
        {
            return (key, null);
        }

        // A key that is lost at the next start would lock the node out of its own name.
        key.Dispose();
        return (null, store.Fault);
    }

    private StoredEnrollment? Describe(Uri relay) => _key is { } key ? new(relay.AbsoluteUri, key.Fingerprint) : null;
}
