namespace Relay.Training.Data.Tables;

/// <summary>A list that grows by whole chunks, so that growing never copies what is there and never needs twice its room.</summary>
internal sealed class ChunkedList<T>
{
    private const int ChunkSize = 1 << 16;
    private readonly List<T[]> _chunks = [];
    private T[] _last = [];
    private int _used;

    public int Count { get; private set; }

    public void Add(T value)
    {
        if (_used == _last.Length)
        {
            _last = new T[ChunkSize];
            _chunks.Add(_last);
            _used = 0;
        }

        _last[_used++] = value;
        Count++;
    }

    /// <summary>One array of all values; the list is empty afterwards.</summary>
    public T[] Drain()
    {
        T[] all = new T[Count];
        for (int i = 0; i < _chunks.Count; i++)
        {
            int start = i * ChunkSize;
            _chunks[i].AsSpan(0, Math.Min(ChunkSize, Count - start)).CopyTo(all.AsSpan(start));
            _chunks[i] = [];
        }

        _chunks.Clear();
        _last = [];
        _used = 0;
        Count = 0;
        return all;
    }
}
