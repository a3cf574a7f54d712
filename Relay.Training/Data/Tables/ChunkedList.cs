namespace Relay.Training.Data.Tables;

/// <summary>A list that grows by whole chunks, so that growing never copies what is there and never needs twice its room.</summary>
internal sealed class ChunkedList<T>
{
    private const int ChunkSize = 1 << 16;
    private readonly List<T[]> chunks = [];
    private T[] last = [];
    private int used;

    public int Count { get; private set; }

    public void Add(T value)
    {
        if (used == last.Length)
        {
            last = new T[ChunkSize];
            chunks.Add(last);
            used = 0;
        }

        last[used++] = value;
        Count++;
    }

    /// <summary>One array of all values; the list is empty afterwards.</summary>
    public T[] Drain()
    {
        T[] all = new T[Count];
        for (int i = 0; i < chunks.Count; i++)
        {
            int start = i * ChunkSize;
            chunks[i].AsSpan(0, Math.Min(ChunkSize, Count - start)).CopyTo(all.AsSpan(start));
            chunks[i] = [];
        }

        chunks.Clear();
        last = [];
        used = 0;
        Count = 0;
        return all;
    }
}
